"""`--scheduler`: the same results from the workers of a Dask cluster, and one clear line where there is none to be had."""

import _socket
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future
from pathlib import Path
from unittest.mock import Mock

import pytest
from distributed import KilledWorker, LocalCluster

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.cluster import Equipment, _Workers, cluster, equipment
from cocci_gen.coccinelle.jobs import Failed, Job, Slice
from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.errors import ClusterUnavailable, SemanticPatchRefused

USAGE = 2
JOB = Job("a.b.c", "@r@\n@@\n* bad();\n", (), Slice("x.c", b"void f(void)\n{\n\tbad();\n}\n"))
WORKER = """\
import sys
if {missing}:
    sys.modules["cocci_gen"] = None
sys.argv = ["dask-worker", "{address}", "--host=127.0.0.1", "--nthreads=1", "--no-dashboard", "--no-nanny"]
from distributed.cli.dask_worker import main
main()
"""


@pytest.fixture(scope="module", autouse=True)
def _loopback():
    """Other tests may connect to nothing at all; a cluster on this machine is the subject here."""

    def connect(self, address):
        assert address[0] == "127.0.0.1"
        return _socket.socket.connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


def start(workers):
    """A scheduler on 127.0.0.1, and workers in threads of this process."""
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=False,
        host="127.0.0.1",
        protocol="tcp",
        dashboard_address="127.0.0.1:0",
    )


@pytest.fixture(scope="module")
def address():
    """The address of a scheduler with two workers."""
    with start(2) as started:
        yield started.scheduler_address


@pytest.fixture
def idle():
    """The address of a scheduler without workers."""
    with start(0) as started:
        yield started.scheduler_address


@pytest.fixture
def scan(tmp_path, few_cases, cocci_gen_says):
    """scan(folder, *words) -> (exit code, findings or what is said of a mistake); each folder has a cache of its own."""
    kernel = few_cases("kernel", "early-error-return", "error-in-loop", "helper-unlocks-on-failure")

    def run(folder, *words):
        out = tmp_path / folder
        words = ("--kernel", kernel, "--rule", "*.unlocks", "-o", out, "--cache", tmp_path / f"{folder}-cache", *words)
        code, _, problem = cocci_gen_says("scan", "-j", 1, *words)
        return code, problem if code == USAGE else (out / "findings.jsonl").read_text()

    return run


def nobody(*_):
    """Stands for a place where no job may come."""
    raise AssertionError("a job came here")


def test_workers_find_what_this_machine_finds(scan, address, monkeypatch, need):
    """A result that depends on where the job ran could not be reproduced by whoever gets the patch."""
    need("spatch")
    alone = scan("alone")
    monkeypatch.setattr(SpatchRunner, "_work", nobody)
    there = scan("there", "--scheduler", address)

    assert 1 == alone[0]
    assert alone == there
    assert '"fix": "diffs/' in there[1]


def test_only_what_is_not_in_the_cache_goes_out(scan, address, monkeypatch, need):
    """The cache stays on this machine; a second scan must not wait for a cluster that has nothing to do."""
    need("spatch")
    first = scan("one", "--scheduler", address)
    monkeypatch.setattr(_Workers, "submit", nobody)

    assert 1 == first[0]
    assert first == scan("one", "--scheduler", address, "--timeout", 59)  # another scan of the same jobs
    assert first == scan("one", "--scheduler", "tcp://127.0.0.1:1")  # the same scan: nothing is to be done at all


def refused(address):
    """What is said of a cluster that gets no job."""
    with pytest.raises(ClusterUnavailable) as caught, cluster(address, "spatch"):
        pass
    return str(caught.value)


def test_without_the_package_the_way_out_is_named(scan, monkeypatch, need):
    """`--scheduler` works only with an extra that most installations lack; an ImportError tells nobody its name."""
    need("spatch")
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, problem = scan("out", "--scheduler", "tcp://127.0.0.1:8786")

    assert USAGE == code
    assert (
        "cocci-gen: --scheduler needs dask.distributed, which is not installed; pip install '.[dask]' in a clone of cocci-gen\n"
        == problem
    )


def test_a_scheduler_that_does_not_answer_is_given_up(scan, monkeypatch, need):
    """A scan that waits for ever for a machine that is off looks like one that works."""
    need("spatch")
    monkeypatch.setattr("cocci_gen.coccinelle.cluster._PATIENCE", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        code, problem = scan("out", "--scheduler", f"127.0.0.1:{silent.getsockname()[1]}")

    assert USAGE == code
    assert 1 == len(problem.splitlines())
    assert problem.startswith("cocci-gen: no Dask scheduler answers at 127.0.0.1:")
    assert "within 0.5 s; start one (dask scheduler), or leave out --scheduler" in problem


@pytest.mark.parametrize(
    "wrong",
    ["host", "tcp://host", "tcp://host:port", "http://host:1", "tcp://host:65536", "a b:1", "inproc://x/1/2", ":1"],
)
def test_what_is_no_address(wrong):
    """Dask looks for some of these for ten seconds, and then fails an assertion."""

    assert f"{wrong!r} is no address of a Dask scheduler; one looks like tcp://host:8786" == refused(wrong)


def test_a_scheduler_without_workers_is_no_cluster(idle, monkeypatch, need):
    """Jobs for nobody would wait for ever."""
    need("spatch")
    monkeypatch.setattr("cocci_gen.coccinelle.cluster._PATIENCE", 0.5)

    assert f"the Dask scheduler at {idle} has no workers; start some (dask worker {idle})" == refused(idle)


@pytest.fixture
def worker(idle, tmp_path):
    """worker(missing=..., PATH=...) -> the address of a scheduler with one worker, a process of its own."""
    started = []

    def begin(*, missing=False, **environment):
        code = WORKER.format(address=idle, missing=missing)
        environment = {**os.environ, **environment}
        with (tmp_path / "worker.log").open("w") as log:
            started.append(subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=tmp_path, stderr=log))
        return idle

    yield begin
    for process in started:
        process.kill()
        process.wait()


def test_a_worker_with_another_spatch_is_refused(worker, tmp_path, need):
    """Its answers would lie in the cache as those of this machine's spatch, and no later run would ask again."""
    need("spatch")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/spatch"
    program.write_text("#!/bin/sh\necho 'spatch version 9.9.9 compiled with OCaml'\n")
    program.chmod(0o755)
    problem = refused(worker(PATH=f"{tmp_path}/bin:{os.environ['PATH']}"))

    assert "has spatch 9.9.9, and this machine has 1." in problem
    assert "install the same Coccinelle on both" in problem


def test_a_worker_without_spatch_is_refused(worker, tmp_path, need):
    """Each of its jobs would fail, one after the other."""
    need("spatch")
    problem = refused(worker(PATH=str(tmp_path)))

    assert problem.startswith("the worker tcp://127.0.0.1:")
    assert "install Coccinelle 1.1.1 or newer" in problem


def test_a_worker_without_cocci_gen_is_refused(worker, need):
    """It cannot read the jobs; Dask's own words for that are a page long."""
    need("spatch")
    problem = refused(worker(missing=True))

    assert problem.startswith("the worker tcp://127.0.0.1:")
    assert "install it there too: pip install '.[dask]' in a clone of cocci-gen" in problem


def test_a_worker_with_another_cocci_gen_is_refused(address, monkeypatch, need):
    """An older one may read otherwise what spatch says, and the cache would keep it."""
    need("spatch")
    here = threading.current_thread()
    monkeypatch.setattr(
        "cocci_gen.coccinelle.cluster.package_code",
        lambda: [("a.py", b"new" if threading.current_thread() is here else b"old")],
    )

    assert "has another cocci-gen than this machine" in refused(address)


def test_a_worker_that_comes_later_is_asked_too(address, monkeypatch, need):
    """A cluster grows and shrinks while a scan runs; the greeting saw only who was there."""
    need("spatch")
    with cluster(address, "spatch") as pool:
        assert not pool.submit(str.upper, "a job").exception()
        monkeypatch.setattr(
            "cocci_gen.coccinelle.cluster._known_equipment", lambda program: Equipment(program, "9.9.9", "")
        )
        error = pool.submit(str.upper, "a job").exception()

    assert isinstance(error, ClusterUnavailable)
    assert "has spatch 9.9.9" in str(error)


def test_a_worker_is_looked_at_again_when_work_begins(address, monkeypatch, need):
    """A worker runs for weeks, and Debian brings a new Coccinelle meanwhile."""
    need("spatch")
    with cluster(address, "spatch") as pool:
        pool.submit(str.upper, "a job").result()
    monkeypatch.setattr("cocci_gen.coccinelle.cluster.find_version", versions(iter(["1.1.1", "1.3.0", "1.3.0"])))

    assert "has spatch 1.3.0, and this machine has 1.1.1" in refused(address)


def versions(answers):
    """A `find_version` that gives one answer after the other."""
    return lambda program: next(answers)


def test_the_client_keeps_its_tracebacks_to_itself(address, caplog, need):
    """A scheduler that goes is one line of ours; Dask logs forty of its own."""
    need("spatch")
    log = logging.getLogger("distributed.client")
    with cluster(address, "spatch"):
        log.error("inside")
    log.error("outside")

    assert ["outside"] == [record.message for record in caplog.records if record.levelno >= logging.ERROR]


def test_a_lost_scheduler_ends_the_run(need):
    """What was finished is kept; what is lost must not look like a bug of ours, nor like a clean run."""
    need("spatch")
    with start(1) as started, cluster(started.scheduler_address, "spatch") as pool:
        waiting = pool.submit(time.sleep, 60)
        started.close()
        error = waiting.exception(30)

    assert isinstance(error, ClusterUnavailable)
    assert "is lost; what was finished is kept, the same command goes on from there" in str(error)


def test_workers_that_all_go_end_the_run_after_a_while(monkeypatch, need):
    """Dask waits for ever for the next worker; a night must end, and say why."""
    need("spatch")
    monkeypatch.setattr("cocci_gen.coccinelle.cluster._ABANDONED", 1.0)
    monkeypatch.setattr("cocci_gen.coccinelle.cluster._GLANCE", 0.2)
    with start(1) as started, cluster(started.scheduler_address, "spatch") as pool:
        waiting = pool.submit(time.sleep, 1)
        started.scale(0)
        error = waiting.exception(60)
        with pytest.raises(ClusterUnavailable, match="no worker"):
            pool.submit(time.sleep, 0)

    assert isinstance(error, ClusterUnavailable)
    assert "has had no worker for 1 s; what was finished is kept, the same command goes on from there" in str(error)


@pytest.fixture
def certificates(tmp_path, need):
    """certificates(name) -> (authority, certificate, key), signed by itself."""

    def make(name):
        key, certificate = tmp_path / f"{name}.key", tmp_path / f"{name}.crt"
        words = [
            need("openssl"),
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=localhost",
        ]
        subprocess.run([*words, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        return certificate, certificate, key

    return make


def test_a_cluster_with_certificates(certificates, need):
    """A pickle runs code when it is read: only who holds the right certificate may send one."""
    need("spatch")
    from distributed.security import Security

    ca, crt, key = map(str, certificates("ours"))
    sides = {
        f"tls_{side}_{what}": file
        for side in ("scheduler", "worker", "client")
        for what, file in (("cert", crt), ("key", key))
    }
    security = Security(tls_ca_file=ca, require_encryption=True, **sides)
    options = {"processes": False, "host": "127.0.0.1", "protocol": "tls", "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=1, threads_per_worker=1, security=security, **options) as started:
        where = started.scheduler_address
        with cluster(where, "spatch", tuple(map(Path, (ca, crt, key)))) as pool:
            assert pool.submit(abs, -3).result(30) == 3
        with (
            pytest.raises(ClusterUnavailable, match="no Dask scheduler answers"),
            cluster(where, "spatch", certificates("other")),
        ):
            pass


@pytest.mark.parametrize(
    ("where", "files", "words"),
    [
        ("tcp://host:1", ("a", "b", "c"), "do not go together"),
        ("tls://host:1", (), "do not go together"),
        ("tls://host:1", ("a", "b", "c"), r"--tls a: cannot be read \(No such file"),
    ],
)
def test_certificates_that_are_missing_are_told(where, files, words):
    """A connection without them would be open to everybody, and look as if it were not."""
    with pytest.raises(ClusterUnavailable, match=words), cluster(where, "spatch", tuple(map(Path, files))):
        pass


def test_an_error_of_a_job_comes_back_as_it_was(address, tmp_path, need):
    """A refused semantic patch is told in the words of the refusal, wherever it was noticed."""
    need("spatch")
    script = Job("a.b.c", "@script:python@\n@@\nimport os\n", (), JOB.slice)
    with (
        JobCache(tmp_path / "jobs.sqlite") as cache,
        cluster(address, "spatch") as pool,
        pytest.raises(SemanticPatchRefused),
    ):
        list(SpatchRunner(cache, executor=pool).run([script]))


class BadPool(Executor):
    """A cluster on which every job ends with this error."""

    def __init__(self, error):
        self.error = error

    def submit(self, _function, /, *_args, **_words):
        """The promise of what never comes."""
        promise = Future()
        promise.set_exception(self.error)
        return promise


@pytest.fixture
def one_job(tmp_path, need):
    """one_job(error) -> what becomes of a job that ends so on a worker, and how much of it is kept."""
    need("spatch")

    def run(error):
        with JobCache(tmp_path / "jobs.sqlite") as cache:
            pool = _Workers(BadPool(error), "tcp://host:1", equipment("spatch"))
            [(_, outcome)] = list(SpatchRunner(cache, executor=pool).run([JOB]))
            return outcome, len(cache)

    return run


def test_a_job_that_kills_workers_is_a_failed_job(one_job):
    """One file that is too much for every worker must not take the findings in all others with it, nor count as clean."""

    assert (Failed("4 workers died of it"), 0) == one_job(KilledWorker("a job", None, 3))


def test_a_worker_that_comes_later_without_cocci_gen_is_named(one_job):
    """It was not there to be greeted, and Dask only passes its ImportError on."""
    with pytest.raises(
        ClusterUnavailable, match=r"a worker of tcp://host:1 cannot run cocci-gen \(No module .*there too"
    ):
        one_job(ModuleNotFoundError("No module named 'cocci_gen'"))


def test_a_bug_on_a_worker_is_not_hidden(one_job):
    """A mistake of ours must come with its traceback, wherever it was made."""
    with pytest.raises(ZeroDivisionError):
        one_job(ZeroDivisionError())


def test_a_scheduler_without_cocci_gen_is_refused(monkeypatch, need):
    """It reads every job on its way; Dask then speaks of environments, and not of what is missing where."""
    need("spatch")
    client = Mock(**{"run_on_scheduler.side_effect": ModuleNotFoundError("No module named 'cocci_gen'")})
    monkeypatch.setattr("distributed.Client", lambda address, **_: client)

    assert "the Dask scheduler at host:8786 cannot run cocci-gen (No module named 'cocci_gen')" in refused("host:8786")
    client.close.assert_called_once()
