"""A database as full as a county's after a while: thousands of copies of one real incident."""

import asyncpg

from tests.api.system import LAT, LON, MADE, WRITTEN


async def fill(pool: asyncpg.Pool, model: str, count: int, spread: float = 0.01, changed: str = "") -> None:
    """Copies of the incident `model`, up to `spread` degrees from the first grid's middle, each with its own text.

    `changed` sets more of their columns, as SQL of `n` from 1: `, 'sensitive', n % 5 = 0`. Their numbers begin with n.
    """
    await pool.execute(
        f"""
        INSERT INTO incidents ({WRITTEN})
        SELECT {MADE} FROM incidents i, generate_series(1, $2) n, LATERAL jsonb_populate_record(
            i, jsonb_build_object(
                'id', gen_random_uuid(), 'report_id', gen_random_uuid(), 'number', 'n' || gen_random_uuid(),
                'lon', $3::float + (random() * 2 - 1) * $5::float, 'lat', $4::float + (random() * 2 - 1) * $5::float,
                'text', n || '号楼下的垃圾桶满了，第' || n || '次反映，味道很大没有人来清运' {changed}
            )
        ) AS made
        WHERE i.id = $1
        """,
        model,
        count,
        LON,
        LAT,
        spread,
    )
    await pool.execute("ANALYZE incidents")
