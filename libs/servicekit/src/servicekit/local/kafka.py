"""One Apache Kafka broker (KRaft: broker and controller in one process) on the loopback address."""

import shutil
import signal
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from servicekit.local import artefacts, processes
from servicekit.local.failures import ServerFailure, explained, size
from servicekit.local.ports import refuse_taken

_START_SECONDS = 90.0  # after a kill the broker waits for its own old registration to lapse: about 8 s
_MEMORY = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_LOGGING = (
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
)
_METADATA = 3
_METADATA_VERSION = 4  # the last but few without tagged fields: short to write, and Kafka 4 still speaks it
_ANSWER_MOST = 65_536  # bytes; another server's words may look like a huge length
_ONE_NODE = "\n".join(
    f"{name}={value}"
    for name, value in {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 8,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 8,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": 0,
        "group.coordinator.append.linger.ms": 0,  # few groups: each acknowledgement would wait 5 ms for another
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        "log.retention.hours": -1,
    }.items()
)


@dataclass(frozen=True)
class Kafka:
    """A broker: its directory, its two ports (the quorum knows the second) and its cluster's id."""

    home: Path
    port: int
    controller_port: int
    cluster: str

    @property
    def log(self) -> Path:
        return self.home / "kafka" / "log"

    @property
    def properties(self) -> Path:
        return self.home / "kafka" / "server.properties"

    @property
    def data(self) -> Path:
        return self.home / "kafka" / "data"

    def pid(self) -> int | None:
        """The broker's process, or none when it does not run."""
        found = processes.running("kafka.Kafka", str(self.properties))
        return found[0] if found else None

    def start(self) -> None:
        """Run, and wait for an answer. What runs already is only waited for."""
        pid = self.pid()
        if pid is not None and self._answers_while_it_lives(pid):
            return
        refuse_taken(self.port, "Kafka", self.home)
        refuse_taken(self.controller_port, "Kafka's controller", self.home)
        java, classpath = artefacts.java(), artefacts.kafka_classpath()
        self._prepare(java, classpath)
        begin = size(self.log)
        command: list[str | Path] = [
            java,
            *_MEMORY,
            *_LOGGING,
            "-cp",
            classpath,
            "kafka.Kafka",
            self.properties,
        ]
        pid = processes.launch(command, log=self.log)
        if not self._answers_while_it_lives(pid):
            raise explained("Kafka", self.log, begin)

    def stop(self) -> None:
        """Orderly stop; by force only after 30 s (the broker recovers its log at the next start)."""
        pid = self.pid()
        if pid is None:
            return
        steps = ((signal.SIGTERM, 30.0), (signal.SIGKILL, 5.0))
        if not processes.end(pid, lambda: self.pid() == pid, steps=steps):
            raise ServerFailure(f"Kafka (process {pid}) does not stop (log: {self.log})")

    def answers(self) -> bool:
        """Whether it tells its metadata, is in service, and is ours: somebody else may hold the port."""
        client = b"songjiao"
        question = struct.pack("!hhih", _METADATA, _METADATA_VERSION, 1, len(client)) + client
        question += struct.pack("!ib", 0, 0)  # no topics, none made
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(struct.pack("!i", len(question)) + question)
                with connection.makefile("rb") as stream:
                    (length,) = struct.unpack("!i", stream.read(4))
                    answer = stream.read(min(length, _ANSWER_MOST))
            (brokers,) = struct.unpack_from("!i", answer, 8)  # after the correlation and the throttle time
        except (OSError, struct.error):
            return False
        return brokers > 0 and self.cluster.encode() in answer

    def _answers_while_it_lives(self, pid: int) -> bool:
        """Wait for the first answer; False when the process ends before."""
        ready = processes.first_answer(self.answers, lambda: self.pid() == pid, seconds=_START_SECONDS)
        if ready is None:
            raise ServerFailure(
                f"Kafka (process {pid}) does not answer on port {self.port} (log: {self.log})"
            )
        return ready

    def _prepare(self, java: Path, classpath: str) -> None:
        self.properties.parent.mkdir(exist_ok=True)
        if self.data.exists() and not (self.data / "meta.properties").exists():
            shutil.rmtree(self.data)  # never formatted: nothing of worth is in it
        if not self.data.exists():
            self._format(java, classpath)
        self._write_properties(self.properties, self.data)

    def _format(self, java: Path, classpath: str) -> None:
        part = self.data.with_name("data.part")  # renamed when whole
        shutil.rmtree(part, ignore_errors=True)
        properties = self.properties.with_name("format.properties")
        self._write_properties(properties, part)
        command: list[str | Path] = [
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classpath,
            "kafka.tools.StorageTool",
        ]
        begin = size(self.log)
        if not processes.run([*command, "format", "-t", self.cluster, "-c", properties], log=self.log):
            raise explained("Kafka (format)", self.log, begin)
        properties.unlink()
        part.rename(self.data)

    def _write_properties(self, file: Path, data: Path) -> None:
        listeners = f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}"
        file.write_text(
            f"{_ONE_NODE}\n"
            f"log.dirs={data}\n"
            f"controller.quorum.voters=1@127.0.0.1:{self.controller_port}\n"
            f"listeners={listeners}\n"
            f"advertised.listeners=PLAINTEXT://127.0.0.1:{self.port}\n"
        )
