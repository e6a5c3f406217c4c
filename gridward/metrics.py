"""Every metric of both processes, each with its meaning. Nothing is measured that is not listed here."""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

# The door (API)
reports_accepted = Counter(
    "gridward_reports_accepted_total", "Reports that Kafka has confirmed", ["source", "urgent"]
)
reports_refused = Counter(
    "gridward_reports_refused_total", "Reports answered with an error, by HTTP status", ["status"]
)
publish_seconds = Histogram(
    "gridward_publish_seconds", "From a checked report to Kafka's confirmation", buckets=SECONDS
)
http_seconds = Histogram(
    "gridward_http_seconds", "Time to answer a request", ["method", "route", "status"], buckets=SECONDS
)
actions_taken = Counter(
    "gridward_actions_total", "People's actions, by kind and outcome", ["action", "outcome"]
)
live_readers = Gauge("gridward_live_readers", "Browsers that follow the live stream now")
live_sent = Counter("gridward_live_events_total", "Events sent to live readers")
live_catch_ups = Counter(
    "gridward_live_catch_ups_total",
    "Readers that came back, by where the missed events were found",
    ["where"],
)

# Triage (worker)
triaged = Counter("gridward_reports_triaged_total", "Reports triaged, by outcome", ["outcome"])
triage_batch = Histogram(
    "gridward_triage_batch_size",
    "Reports in one transaction",
    buckets=(1, 2, 5, 10, 25, 50, 100, 200, 400, 800),
)
triage_seconds = Histogram(
    "gridward_triage_seconds", "One batch from taking it to its commit", buckets=SECONDS
)
report_age = Histogram(
    "gridward_report_age_seconds", "From acceptance at the door to the committed incident", buckets=SECONDS
)
second_opinions = Counter(
    "gridward_second_opinions_total",
    "Questions to the centre's own language model, by end (answered, decided, failed)",
    ["end"],
)
dead_letters = Counter("gridward_dead_letters_total", "Reports set aside, by topic", ["topic"])
positions_reset = Counter(
    "gridward_positions_reset_total", "Positions given up because Kafka's log is another one or lost its end"
)
read_again = Counter(
    "gridward_read_again_total", "Times that messages which the consumer had let fall were read again"
)
retries = Counter("gridward_retries_total", "Waits because something was unavailable", ["agent"])
agent_paused = Gauge("gridward_agent_paused", "1 while an agent waits for a person to resume it", ["agent"])
unexpected_errors = Counter("gridward_unexpected_errors_total", "Errors that nobody foresaw", ["agent"])

# Deadlines and outbox (worker)
deadlines_passed = Counter("gridward_deadlines_passed_total", "Deadlines acted on, by kind", ["kind"])
deadline_lag = Histogram(
    "gridward_deadline_lag_seconds", "From a deadline's moment to its commit", buckets=SECONDS
)
deadlines_overdue = Gauge("gridward_deadlines_unhandled", "Passed deadlines that wait to be acted on")
outbox_sent = Counter("gridward_outbox_sent_total", "Events that Kafka has confirmed")
outbox_depth = Gauge("gridward_outbox_depth", "Committed events that wait for Kafka")
outbox_oldest = Gauge("gridward_outbox_oldest_seconds", "Age of the oldest event that waits for Kafka")

# Duty roster and the areas of units (worker)
units_with_gaps = Gauge("gridward_duty_gaps", "Units that will have nobody on duty within the days ahead")
units_unattended = Gauge("gridward_duty_unattended", "Units that have nobody on duty now")
grids_unserved = Gauge(
    "gridward_grids_unserved", "Grids that lack a unit of some kind though rules send matters to it"
)

# Versions in force (both)
policy_version = Gauge("gridward_policy_version", "Version of the policy that new reports are decided by")
boundary_version = Gauge(
    "gridward_boundary_version", "Version of the boundary set that new reports are located in"
)
