"""The functions behind `import ewarn`, one file a step: reading, modelling, tables, evaluating.

Each is a short call of the packages below, with the defaults that the command line has. They may
import everything except `cli`; nothing imports them but `ewarn` itself.
"""
