# The table of ./do bench connman: awk -F TAB -v peers="connmand spindled" -f ../statistics.awk -f table.awk RESULTS
function row(title, k, scale, unit,    i, line) {
    line = "| " title " |"
    for (i = 1; i <= n_peers; i++) line = line " " cell(name[i], k, scale, unit) " |"
    print line
}
function after(title, kind,    i, line, p) {
    line = "| " title " |"
    for (i = 1; i <= n_peers; i++) {
        p = name[i]
        if (!count[p, "storm_" kind "_p99"]) { line = line " - |"; continue }
        line = line sprintf(" %s %d of %d; %s |", "deaf in", count[p, "storm_" kind "_deaf"], count[p, "storm_" kind "_p99"],
            count[p, "storm_" kind "_sees"] ? "else sees it in " cell(p, "storm_" kind "_sees", 1000, " ms") : "never sees the cable again")
    }
    print line
}
END {
    n_peers = split(peers, name, " ")
    line = "| median (quartiles) |"; rule = "|---|"
    for (i = 1; i <= n_peers; i++) { line = line " " name[i] " |"; rule = rule "---|" }
    print line; print rule
    row("carrier to ready, fresh network", "ready_fresh", 1000, " ms")
    row("carrier to ready, known network", "ready_known", 1000, " ms")
    row("carrier to online, fresh network", "online_fresh", 1000, " ms")
    row("carrier to online, known network", "online_known", 1000, " ms")
    row("one lost first DHCP packet: carrier to ready", "ready_lost", 1000, " ms")
    row("10,000 route events: GetServices p99 meanwhile", "storm_route_p99", 1000, " ms")
    row("10,000 address events: GetServices p99 meanwhile", "storm_address_p99", 1000, " ms")
    row("10,000 link events: GetServices p99 meanwhile", "storm_link_p99", 1000, " ms")
    row("10,000 route events: in step with the kernel after", "storm_instep", 1000, " ms")
    after("cable pulled after the route storm", "route")
    after("cable pulled after the address storm", "address")
    after("cable pulled after the link storm", "link")
    row("100 links get carrier at once: ready", "links_ready", 1, "")
    row("100 links: all ready after", "links_all", 1000, " ms")
    row("start to name owned", "owned", 1000, " ms")
    row("idle memory, PSS", "pss", 1, " kB")
    row("idle memory, RSS", "rss", 1, " kB")
    row("threads", "threads", 1, "")
    row("threads that do work", "busy_threads", 1, "")
    row("idle wake-ups in 10 s", "wakeups_10s", 1, "")
    row("GetServices, CPU per call, 1 service", "call_cpu", 1, " us")
    row("GetServices, round trip p50", "call_p50", 1, " us")
}
