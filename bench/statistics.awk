# Medians and quartiles of lines "peer round key value", for the table of every bench: awk -f statistics.awk -f yours.awk

{
    seen[$1, $3, ++count[$1, $3]] = $4
    by_round[$1, $2, $3] = $4
    if (!round_seen[$2]++) round_name[++rounds] = $2
}

function sort_list(n,    i, j, x) {
    for (i = 2; i <= n; i++) {
        x = list[i]
        for (j = i - 1; j >= 1 && list[j] > x; j--) list[j + 1] = list[j]
        list[j + 1] = x
    }
    return n
}

# The figures of a peer, sorted, in list; the answer is how many.
function values(peer, key,    i) {
    for (i = 1; i <= count[peer, key]; i++) list[i] = seen[peer, key, i] + 0
    return sort_list(count[peer, key] + 0)
}

# The same, each divided by the base's figure of the same round.
function ratios(peer, key, base,    i, n, r) {
    for (i = 1; i <= rounds; i++) {
        r = round_name[i]
        if ((peer, r, key) in by_round && by_round[base, r, key] > 0) list[++n] = by_round[peer, r, key] / by_round[base, r, key]
    }
    return sort_list(n + 0)
}

function quartile(n, q,    at, low) {
    at = 1 + (n - 1) * q
    low = int(at)
    return low >= n ? list[n] : list[low] + (at - low) * (list[low + 1] - list[low])
}

function number(x) { return x >= 100 || x == int(x) ? sprintf("%.0f", x) : sprintf("%.1f", x) }

# median (quartile - quartile), or "-" where there is nothing.
function cell(peer, key, scale, unit,    n) {
    n = values(peer, key)
    if (!n) return "-"
    return number(quartile(n, .5) / scale) unit " (" number(quartile(n, .25) / scale) " - " number(quartile(n, .75) / scale) ")"
}

function ratio(x) { return x >= 100 ? sprintf("%.0f", x) : x >= 10 ? sprintf("%.1f", x) : sprintf("%.2f", x) }

# median (quartile-quartile) of the ratio to the base; "~": its quartiles stand on both sides of 1, no verdict.
function ratio_cell(peer, key, base,    n, low, high) {
    n = ratios(peer, key, base)
    if (!n) return "-"
    low = quartile(n, .25)
    high = quartile(n, .75)
    return (low <= 1 && high >= 1 ? "~" : "") ratio(quartile(n, .5)) " (" ratio(low) "-" ratio(high) ")"
}
