import { describe, expect, test } from "vitest";

import { backoff } from "@/live/backoff";
import { step, STALE_AFTER_MS, type LineState } from "@/live/lineState";
import { LiveStream } from "@/live/liveStream";
import { ServerClock } from "@/live/serverClock";
import { type ServerEvent, SseParser } from "@/live/sse";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe("the stream's parser", () => {
  test("gives an event once its empty line has come, however the bytes are cut", () => {
    const whole = "id: 0:12,1:7\nevent: incident\ndata: {\"a\":\"浮云\"}\n\n";
    for (let cut = 1; cut < bytes(whole).length; cut++) {
      const parser = new SseParser();
      const found = [...parser.push(bytes(whole).slice(0, cut)), ...parser.push(bytes(whole).slice(cut))];
      expect(found).toEqual([{ id: "0:12,1:7", event: "incident", data: '{"a":"浮云"}' }]);
    }
  });

  test("comments are life, not events", () => {
    expect(new SseParser().push(bytes(": beat\n\n"))).toEqual([]);
  });

  test("an id without data still moves the position", () => {
    expect(new SseParser().push(bytes("id: 0:13\n\n"))[0]?.id).toBe("0:13");
  });

  test("several data lines are one text", () => {
    expect(new SseParser().push(bytes("data: a\ndata: b\r\n\r\n"))[0]?.data).toBe("a\nb");
  });
});

describe("the reader of the live stream", () => {
  /** A line that answers each connection with the next text and then ends it. */
  function lineOf(texts: string[], seen: string[]): typeof fetch {
    return async (address) => {
      seen.push(String(address));
      const text = texts.shift();
      if (text === undefined) throw new TypeError("network");
      return new Response(bytes(text));
    };
  }

  test("comes back after a cut with the last position that it saw", async () => {
    const seen: string[] = [];
    const got: ServerEvent[] = [];
    let cuts = 0;
    const fetch = lineOf(["id: 0:1\nevent: incident\ndata: {}\n\n", "id: 0:2\nevent: incident\ndata: {}\n\n"], seen);
    const stream: LiveStream = new LiveStream({ url: "/api/live", lastId: null, fetch }, {
      opened: () => undefined,
      received: (event) => got.push(event),
      cut: () => {
        cuts += 1;
        if (cuts === 2) stream.stop();
        else setTimeout(() => stream.nudge());
      },
    });
    await stream.run();
    expect(seen).toEqual(["/api/live", "/api/live?last_event_id=0%3A1"]);
    expect(got.map(({ id }) => id)).toEqual(["0:1", "0:2"]);
    expect(stream.lastId).toBe("0:2");
  });
});

describe("the state of the line", () => {
  const cut: LineState = { kind: "reconnecting", since: 1000 };

  test("says since when it has been cut, not since the last try", () => {
    expect(step(cut, { type: "cut", at: 9000 })).toEqual(cut);
  });

  test("what is shown is stale after a minute without a line", () => {
    expect(step(cut, { type: "tick", at: 1000 + STALE_AFTER_MS - 1 }).kind).toBe("reconnecting");
    expect(step(cut, { type: "tick", at: 1000 + STALE_AFTER_MS })).toEqual({ kind: "stale", since: 1000 });
  });

  test("a server that waits for Kafka makes what is shown stale, though the line stands", () => {
    const stale = step({ kind: "live" }, { type: "server", live: false, at: 5 });
    expect(stale).toEqual({ kind: "stale", since: 5 });
    expect(step(stale, { type: "server", live: true, at: 9 })).toEqual({ kind: "live" });
  });

  test("is live again with the first answer", () => {
    expect(step({ kind: "stale", since: 1 }, { type: "opened" }).kind).toBe("live");
  });
});

describe("the server's clock", () => {
  test("corrects a local clock that is wrong by an hour", () => {
    const clock = new ServerClock(() => 1_000_000);
    clock.heard(4_600_000, 999_990, 1_000_010);
    expect(clock.now()).toBe(4_600_000);
  });

  test("keeps the measure that came back quickest", () => {
    const clock = new ServerClock(() => 1_000_000);
    clock.heard(1_000_000, 999_995, 1_000_005);
    clock.heard(1_000_300, 999_000, 1_001_000);
    expect(clock.now()).toBe(1_000_000);
  });

  test("believes even a coarse measure that contradicts an older one, as when the machine's clock was set", () => {
    const clock = new ServerClock(() => 1_000_000);
    clock.heard(1_000_000, 999_995, 1_000_005);
    clock.heard(9_000_000, 999_000, 1_001_000, 1000);
    expect(clock.now()).toBe(9_000_500);
  });
});

test("the waits between tries grow and stay under twenty seconds", () => {
  expect(backoff(0, () => 0.5)).toBe(500);
  expect(backoff(3, () => 0.5)).toBe(4000);
  expect(backoff(50, () => 1)).toBeLessThan(20_000);
});
