# The tables of ./do bench rpc: awk -F TAB -v peers="raw libvirtd door" -f ../statistics.awk -f table.awk RESULTS

function row(title, key, scale, unit,    i, line) {
    line = "| " title " |"
    for (i = 1; i <= n_peers; i++) line = line " " cell(name[i], key, scale, unit) " |"
    print line
}

# An aim is met or missed where the quartiles agree; without the peer there is no verdict.
function verdict(n, most,    median, low, high) {
    if (!n) return "- | " most " | not measured |"
    median = quartile(n, .5)
    low = quartile(n, .25)
    high = quartile(n, .75)
    return ratio(median) " (" ratio(low) "-" ratio(high) ") | " most " | " \
        (high <= most ? "met" : low > most ? "missed" : median <= most ? "met in the median" : "missed in the median") " |"
}

function aim(title, key, most) { print "| " title " | " verdict(values("door", key), most) }

function aim_of(title, key, base, most) { print "| " title " | " verdict(ratios("door", key, base), most) }

# What the door adds to the same program without it.
function added(key, of,    i, r) {
    for (i = 1; i <= rounds; i++) {
        r = round_name[i]
        if (("door", r, of) in by_round && ("door", r, "memory_without") in by_round)
            seen["door", key, ++count["door", key]] = by_round["door", r, of] - by_round["door", r, "memory_without"]
    }
}

function calls(clients) {
    row("hostname, " clients (clients == 1 ? " client" : " clients") ": calls a CPU second", "calls_" clients "_percpu", 1, "")
    row("- CPU per call", "calls_" clients "_cpu", 1000, " us")
    row("- calls a second", "calls_" clients "_rate", 1, "")
    row("- p50", "calls_" clients "_p50", 1000, " us")
    row("- p99", "calls_" clients "_p99", 1000, " us")
}

END {
    n_peers = split(peers, name, " ")
    line = "| median (quartiles) |"
    rule = "|---|"
    for (i = 1; i <= n_peers; i++) { line = line " " name[i] " |"; rule = rule "---|" }
    print line
    print rule
    calls(1)
    calls(8)
    calls(64)
    row("hostname, 1 client, 5 calls on their way: calls a CPU second", "deep_percpu", 1, "")
    row("- calls a second", "deep_rate", 1, "")
    row("uri, 1 client, by a worker in all but raw: CPU per call", "worker_1_cpu", 1000, " us")
    row("- p50", "worker_1_p50", 1000, " us")
    row("uri, 8 clients: CPU per call", "worker_8_cpu", 1000, " us")
    row("- p50", "worker_8_p50", 1000, " us")
    row("hostname, 1 client, p50: alone", "idle_alone_p50", 1000, " us")
    row("- among 1,000 idle connections", "idle_among_p50", 1000, " us")
    row("- CPU per call: alone", "idle_alone_cpu", 1000, " us")
    row("- CPU per call: among 1,000 idle connections", "idle_among_cpu", 1000, " us")
    row("all interfaces, 8 clients, one run: calls a CPU second", "list_8_percpu", 1, "")
    row("- calls a second", "list_8_rate", 1, "")
    row("- failures", "list_8_failures", 1, "")
    row("64 calls of 3 s at once, 20 workers", "burst_seconds", 1, " s")
    row("- threads more meanwhile", "burst_threads_more", 1, "")
    row("- hostname meanwhile, p50", "burst_cheap_p50", 1000, " us")
    row("- hostname meanwhile, p99", "burst_cheap_p99", 1000, " us")
    row("memory, nobody connected (PSS)", "memory", 1, " kB")
    row("- the same program without the door", "memory_without", 1, " kB")
    row("memory after the calls above, nobody connected: at once", "memory_after", 1, " kB")
    row("- three seconds later", "memory_rested", 1, " kB")
    row("octets allocated a call: hostname", "allocated_59", 1, "")
    row("- uri, by a worker", "allocated_110", 1, "")
    row("memory per idle client", "idle_memory_per_client", 1, " octets")
    row("threads, nobody connected", "threads", 1, "")
    row("- after the calls above", "threads_after", 1, "")

    added("memory_added", "memory")
    added("memory_added_rested", "memory_rested")
    print ""
    print "| aim | median (quartiles) | at most | |"
    print "|---|---|---|---|"
    aim_of("CPU per call, 1 client, of libvirtd's", "calls_1_cpu", "libvirtd", .5)
    aim_of("CPU per call, 8 clients, of libvirtd's", "calls_8_cpu", "libvirtd", .5)
    aim_of("CPU per call, 64 clients, of libvirtd's", "calls_64_cpu", "libvirtd", .5)
    aim_of("p99, 1 client, of libvirtd's", "calls_1_p99", "libvirtd", 1)
    aim_of("p99, 8 clients, of libvirtd's", "calls_8_p99", "libvirtd", 1)
    aim_of("p99, 64 clients, of libvirtd's", "calls_64_p99", "libvirtd", 1)
    aim("p50 among 1,000 idle connections, of p50 alone", "idle_ratio", 1.1)
    aim("CPU per call among 1,000 idle connections, of alone", "idle_cpu_ratio", 1.1)
    aim("64 calls of 3 s with 20 workers, seconds", "burst_seconds", 12.1)
    aim("all interfaces, 8 clients: failures", "list_8_failures", 0)
    aim("memory that the door adds before its first client, kB", "memory_added", 1024)
    aim("memory that the door adds three seconds after work, nobody connected, kB", "memory_added_rested", 1024)
    aim("memory per idle client, octets", "idle_memory_per_client", 2048)
}
