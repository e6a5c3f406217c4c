"""The worker's places: never beyond the log's end, and Kafka is never told more than the database knows."""

from infra.audit.finding import Finding
from infra.audit.scene import Bus, Scene


async def positions(scene: Scene, bus: Bus) -> Finding:
    finding = Finding("positions", "消费位点一致 / positions agree")
    for place in bus.intake():
        finding.looked_at += 1
        name = f"{place[0]}:{place[1]}"
        position, end = scene.positions.get(place, 0), bus.after.ends[place]
        if position > end:
            finding.add(name, f"位点 {position} 超出日志末尾 {end} / beyond the log's end")
        told = bus.before.acknowledged.get(place, 0)
        if told > position:
            finding.add(
                name, f"Kafka 位点 {told} 领先数据库 {position} / Kafka was told more than is committed"
            )
    return finding
