"""NSL-KDD: records of network connections; frames are the 38 numeric ones of their 41 features, as they are.

`truth` has the three symbolic features, the attack's name, and how many of 21 classifiers got the record right.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from ..files import Parts, in_order
from ..readers import read_csv
from ..recording import Recording

PARTS = ("train", "test")
SYMBOLIC = ("protocol_type", "service", "flag")
FIELDS = (
    *("duration", *SYMBOLIC, "src_bytes", "dst_bytes", "land", "wrong_fragment", "urgent", "hot"),
    *("num_failed_logins", "logged_in", "num_compromised", "root_shell", "su_attempted", "num_root"),
    *("num_file_creations", "num_shells", "num_access_files", "num_outbound_cmds", "is_host_login", "is_guest_login"),
    *("count", "srv_count", "serror_rate", "srv_serror_rate", "rerror_rate", "srv_rerror_rate", "same_srv_rate"),
    *("diff_srv_rate", "srv_diff_host_rate", "dst_host_count", "dst_host_srv_count", "dst_host_same_srv_rate"),
    *("dst_host_diff_srv_rate", "dst_host_same_src_port_rate", "dst_host_srv_diff_host_rate"),
    *("dst_host_serror_rate", "dst_host_srv_serror_rate", "dst_host_rerror_rate", "dst_host_srv_rerror_rate"),
)
TRUTH = (*SYMBOLIC, "attack", "difficulty")


def _recordings(paths: list[Path]) -> list[Recording]:
    found = []
    for path in paths:
        table = read_csv(path, header=None, names=[*FIELDS, "attack", "difficulty"])
        found.append(
            Recording(
                name=path.name.removesuffix(".gz").removesuffix(".txt"),
                frames=table.drop(columns=list(TRUTH)).astype(np.float64),
                labels=np.asarray(table["attack"] != "normal", dtype=np.int8),
                truth=table[list(TRUTH)],
            )
        )
    return found


def parts(folder: Path) -> Parts:
    """The files KDDTrain... and KDDTest..."""
    found = {part: in_order(folder.glob(f"KDD{part.capitalize()}*.txt*")) for part in PARTS}
    return {part: partial(_recordings, paths) for part, paths in found.items() if paths}
