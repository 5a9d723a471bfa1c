"""Files of releases as UCDP names them, of events in Mali."""

import json

GAO, KIDAL = (16.25, -0.5), (19.0, 1.0)
HEAD = (
    "id,date_start,date_end,type_of_violence,side_a,side_b,best,country,adm_1,latitude,longitude\n"
)


def row(event, day, deaths, at=GAO):
    return f"{event},{day},{day},1,Army,Rebels,{deaths},Mali,,{at[0]},{at[1]}\n"


def write(folder, name, *rows, manifest=None):
    path = folder / name
    path.write_text(HEAD + "".join(rows))
    if manifest:
        path.with_name(f"{name}.manifest.json").write_text(json.dumps(manifest))
    return path


def fetched(path, day):
    version = path.name.removeprefix("GEDEvent_v").removesuffix(".csv").replace("_", ".")
    manifest = {"version": version, "fetched_at": f"{day}T08:00:00Z"}
    path.with_name(f"{path.name}.manifest.json").write_text(json.dumps(manifest))
    return path
