"""The worker's places: never beyond the log's end, and Kafka is never told more than the database knows."""

from infra.audit.finding import Finding
from infra.audit.scene import Bus, Scene

_ANOTHER_KAFKA = (
    "位点超出日志：数据库所记的是另一个 Kafka，此处新到的上报可能被跳过。请停止工作进程，改用原来的 GRIDWARD_KAFKA；"
    "若原 Kafka 已不复存在，从表 positions 删除所列主题分区的行再启动，全部重读，重复不再生效"
    " / positions beyond the log: the database's are of another Kafka, and new reports here may be passed over."
    " Stop the worker and start it with the GRIDWARD_KAFKA it had before; if that Kafka is gone for good, delete the"
    " rows of these partitions from table positions first: all is read again, and a repeat changes nothing"
)


async def positions(scene: Scene, bus: Bus) -> Finding:
    finding = Finding("positions", "消费位点一致 / positions agree")
    ends = {place: bus.after.ends[place] for place in bus.intake()}
    known = {place: at for place, at in scene.positions.items() if place[0] in bus.topics.intake}
    for place in sorted(ends.keys() | known.keys()):
        finding.looked_at += 1
        name = f"{place[0]}:{place[1]}"
        position, end = known.get(place, 0), ends.get(place)
        if end is None:
            finding.add(name, f"位点 {position} 而 Kafka 无此分区 / Kafka has no such partition")
        elif position > end:
            finding.add(name, f"位点 {position} 超出日志末尾 {end} / beyond the log's end")
        told = bus.before.acknowledged.get(place, 0)
        if told > position:
            finding.add(
                name, f"Kafka 位点 {told} 领先数据库 {position} / Kafka was told more than is committed"
            )
    if any(at > ends.get(place, -1) for place, at in known.items()):
        finding.notes.append(_ANOTHER_KAFKA)
    return finding
