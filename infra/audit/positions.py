"""The worker's places: never beyond the log's end, and Kafka is never told more than the database knows."""

from infra.audit.finding import Finding
from infra.audit.scene import Bus, Scene

_ANOTHER_KAFKA = (
    "位点超出日志：该位点属于另一份日志（主题或磁盘已重建）。工作进程分得分区时会放弃它并从头重读，重复不再生效；"
    "若没有工作进程在运行，请启动"
    " / positions beyond the log are of another one, made anew since. A worker gives them up as it gets the partition"
    " and reads from the beginning, and a repeat changes nothing: start one if none runs"
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
