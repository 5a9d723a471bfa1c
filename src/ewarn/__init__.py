"""Early warning of political violence: monthly forecasts for administrative units."""
