# The tables of ./do bench loop: awk -F'\t' -v peers="raw libuv …" -f ../statistics.awk -f table.awk RESULTS
# raw stands with its figure, the others with their ratio to raw of the same round. "~" before a ratio: its quartiles stand
# on both sides of 1, so that it says neither faster nor slower.

function has_any(key,    i) {
    for (i = 1; i <= n_peers; i++) if (count[name[i], key]) return 1
    return 0
}

function head(title, section_peers,    i, line, rule) {
    n_peers = split(section_peers, name, " ")
    line = "| " title " |"
    rule = "|---|"
    for (i = 1; i <= n_peers; i++) { line = line " " name[i] " |"; rule = rule "---|" }
    print line
    print rule
}

# A row of ratios; row(title, key, scale, unit) for raw's own figure.
function row(title, key, scale, unit,    i, line) {
    if (!has_any(key)) return
    line = "| " title " |"
    for (i = 1; i <= n_peers; i++) line = line " " (name[i] == "raw" ? cell("raw", key, scale, unit) : ratio_cell(name[i], key, "raw")) " |"
    print line
}

# A row of figures.
function figures(title, key, scale, unit,    i, line) {
    if (!has_any(key)) return
    line = "| " title " |"
    for (i = 1; i <= n_peers; i++) line = line " " cell(name[i], key, scale, unit) " |"
    print line
}

# The peers among all that have one of these keys, in their order.
function those_with(keys,    i, j, n, m, all, key, found, answer) {
    n = split(peers, all, " ")
    m = split(keys, key, " ")
    for (i = 1; i <= n; i++) {
        found = 0
        for (j = 1; j <= m; j++) found += count[all[i], key[j]]
        if (found) answer = answer " " all[i]
    }
    return answer
}

function section(title, keys,    who) {
    who = those_with(keys)
    if (who == "") return 0
    if (sections++) print ""
    head(title, who)
    return 1
}

# One aim: our ratio to another's (or our bare figure) at most so much. Met or missed only where the quartiles agree.
function aim(title, peer, key, base, most,    n, median, low, high, verdict) {
    if (!count[peer, key]) return
    n = base == "" ? values(peer, key) : ratios(peer, key, base)
    if (!n) return
    median = quartile(n, .5)
    low = quartile(n, .25)
    high = quartile(n, .75)
    verdict = high <= most ? "met" : low > most ? "missed" : median <= most ? "met in the median" : "missed in the median"
    print "| " title " | " peer " | " (base == "" ? "" : "of " base ": ") ratio(median) " (" ratio(low) "-" ratio(high) ") | " most " | " verdict " |"
}

function aims_of(peer,    i, n, size) {
    n = split("100_1 100_100 1000_1 1000_100 9900_1 9900_100", size, " ")
    for (i = 1; i <= n; i++) {
        if (peer ~ /await/) continue
        aim("chain " size[i], peer, "chain_" size[i], "raw", peer ~ /uring/ ? 1 : 1.05)
        aim("chain " size[i], peer, "chain_" size[i], "raw-thread", peer ~ /uring/ ? 1 : 1.05)
    }
    aim("timers, insert", peer, "timers_insert", "raw", 1)
    aim("timers, expire", peer, "timers_expire", "raw", 1)
    aim("timers, expire", peer, "timers_expire", "libuv", .2)
    aim("re-arm, 100,000", peer, "churn_100000", "raw", 1)
    aim("re-arm, 1,000,000", peer, "churn_1000000", "raw", 1)
    aim("re-arm, 1,000,000", peer, "churn_1000000", "libuv", .2)
    aim("overshoot", peer, "overshoot", "raw", 1)
    aim("flood, one processor", peer, "flood_1cpu", "raw", 1)
    aim("flood, two processors", peer, "flood_2cpu", "raw", 1)
    aim("round trip, one processor", peer, "roundtrip_1cpu", "raw", 1)
    aim("round trip, two processors", peer, "roundtrip_2cpu", "raw", 1)
    for (i = 1; i <= split("1 64 1000", size, " "); i++) {
        aim("echo, " size[i] " connections", peer, "echo_" size[i], "raw", peer ~ /await/ ? 1.1 : 1)
        aim("echo, " size[i] " connections", peer, "echo_" size[i], "dotnet", .5)
    }
    n = split("event post timer await", size, " ")
    for (i = 1; i <= n; i++) aim("octets allocated, " size[i], peer, "alloc_" size[i], "", 0)
    aim("idle, PSS in kB", peer, "idle_pss", "", 1600)
    aim("idle after 64 MB of garbage, PSS in kB", peer, "garbage_pss", "", 4000)
}

END {
    if (section("CPU per event", "chain_100_1 chain_9900_100 turn_0")) {
        row("chain, 100 pairs, 1 active", "chain_100_1", 1, " ns")
        row("chain, 100 pairs, 100 active", "chain_100_100", 1, " ns")
        row("chain, 1000 pairs, 1 active", "chain_1000_1", 1, " ns")
        row("chain, 1000 pairs, 100 active", "chain_1000_100", 1, " ns")
        row("chain, 9900 pairs, 1 active", "chain_9900_1", 1, " ns")
        row("chain, 9900 pairs, 100 active", "chain_9900_100", 1, " ns")
        row("turn, nothing idle", "turn_0", 1, " ns")
        row("turn, 100 idle", "turn_100", 1, " ns")
        row("turn, 1000 idle", "turn_1000", 1, " ns")
        row("turn, 9900 idle", "turn_9900", 1, " ns")
    }
    if (section("CPU per timer", "timers_insert churn_100000 overshoot")) {
        row("put in, one of 1,000,000", "timers_insert", 1, " ns")
        row("expire, one of 1,000,000", "timers_expire", 1, " ns")
        row("re-arm, among 100,000", "churn_100000", 1, " ns")
        row("re-arm, among 1,000,000", "churn_1000000", 1, " ns")
        figures("overshoot (time; raw: a timerfd)", "overshoot", 1000, " us")
        figures("overshoot, nine of ten below", "overshoot_p90", 1000, " us")
    }
    if (section("CPU per post", "flood_1cpu flood_2cpu roundtrip_1cpu")) {
        row("flood, one processor", "flood_1cpu", 1, " ns")
        row("flood, two processors", "flood_2cpu", 1, " ns")
        row("round trip, one processor", "roundtrip_1cpu", 1, " ns")
        row("round trip, two processors", "roundtrip_2cpu", 1, " ns")
    }
    if (section("TCP echo, server's CPU per message", "echo_1 echo_64 echo_1000")) {
        row("1 connection", "echo_1", 1, " ns")
        row("64 connections", "echo_64", 1, " ns")
        row("1000 connections", "echo_1000", 1, " ns")
    }
    if (section("octets allocated", "alloc_event")) {
        figures("an event", "alloc_event", 1, "")
        figures("a post", "alloc_post", 1, "")
        figures("a timer", "alloc_timer", 1, "")
        figures("an awaited readiness", "alloc_await", 1, "")
    }
    if (section("idle process, kB", "idle_pss")) {
        figures("PSS", "idle_pss", 1, "")
        figures("RSS", "idle_rss", 1, "")
        figures("private dirty", "idle_dirty", 1, "")
        figures("PSS after 64 MB of garbage", "garbage_pss", 1, "")
    }
    print ""
    print "| aim | who | median (quartiles) | at most | |"
    print "|---|---|---|---|---|"
    n = split(peers, all, " ")
    for (i_peer = 1; i_peer <= n; i_peer++) if (all[i_peer] ~ /^spindle/) aims_of(all[i_peer])
}
