# The tables of ./do bench io-models: awk -F TAB -v models="epoll edge …" -f ../statistics.awk -f table.awk RESULTS
# With -v plot=NAME: the lines of a plot for plot.awk instead, "label TAB group TAB median TAB low TAB high".

function header(title, count, names,    i, line, rule) {
    line = "| " title " |"
    rule = "|---|"
    for (i = 1; i <= count; i++) { line = line " " names[i] " |"; rule = rule "---|" }
    print line
    print rule
}

# The models that have a figure, in model; one that this machine or this loop does not have is left out.
function those_measured(models,    i, n, all, kept) {
    n = split(models, all, " ")
    for (i = 1; i <= n; i++) if (count[all[i], "few_100_cpu"] + count[all[i], "block_cpu"]) model[++kept] = all[i]
    return kept + 0
}

# Milliseconds with quartiles, from microseconds.
function milliseconds(model, key,    n) {
    n = values(model, key)
    if (!n) return "-"
    return sprintf("%.2f (%.2f - %.2f)", quartile(n, .5) / 1000, quartile(n, .25) / 1000, quartile(n, .75) / 1000)
}

function bare(model, key) { return values(model, key) ? number(quartile(count[model, key], .5)) : "-" }

function plot_line(model, group, key, scale,    n) {
    n = values(model, key)
    if (n) printf "%s\t%s\t%.6g\t%.6g\t%.6g\n", model, group, quartile(n, .5) / scale, quartile(n, .25) / scale, quartile(n, .75) / scale
}

function plots(    i) {
    for (i = 1; i <= n_models; i++) {
        if (plot == "cpu") {
            plot_line(model[i], "100 connections", "few_100_cpu", 1)
            plot_line(model[i], "900 connections", "few_900_cpu", 1)
            plot_line(model[i], "5000 connections", "few_5000_cpu", 1)
        } else if (plot == "latency") {
            plot_line(model[i], "blocks 2 ms", "block_p99", 1000)
            plot_line(model[i], "computes 100 us", "compute_p99", 1000)
            plot_line(model[i], "bursts", "burst_p99", 1000)
        } else {
            plot_line(model[i], "address space", "few_900_vsz", 1024)
            plot_line(model[i], "RSS", "few_900_rss", 1024)
            plot_line(model[i], "PSS", "few_900_pss", 1024)
        }
    }
}

END {
    n_models = those_measured(models)
    if (plot != "") { plots(); exit }
    n_works = split("few_100 few_900 few_5000 burst block compute ten", work, " ")
    split("100 connections, 10 active|900, 10 active|5000, 10 active|bursts of 500|blocks 2 ms|computes 100 us|10 connections", work_title, "|")
    header("CPU per message; epoll in us, the others' ratio to it", n_works, work_title)
    for (i = 1; i <= n_models; i++) {
        line = "| " model[i] " |"
        for (j = 1; j <= n_works; j++)
            line = line " " (model[i] == "epoll" ? cell("epoll", work[j] "_cpu", 1, "") : ratio_cell(model[i], work[j] "_cpu", "epoll")) " |"
        print line
    }
    print ""
    header("latency from the due time, p50, ms", n_works, work_title)
    for (i = 1; i <= n_models; i++) {
        line = "| " model[i] " |"
        for (j = 1; j <= n_works; j++) line = line " " milliseconds(model[i], work[j] "_p50") " |"
        print line
    }
    print ""
    header("latency from the due time, p99, ms", n_works, work_title)
    for (i = 1; i <= n_models; i++) {
        line = "| " model[i] " |"
        for (j = 1; j <= n_works; j++) line = line " " milliseconds(model[i], work[j] "_p99") " |"
        print line
    }
    print ""
    header("context switches per 1000 messages: voluntary + involuntary (medians)", n_works, work_title)
    for (i = 1; i <= n_models; i++) {
        line = "| " model[i] " |"
        for (j = 1; j <= n_works; j++) line = line " " bare(model[i], work[j] "_voluntary") " + " bare(model[i], work[j] "_involuntary") " |"
        print line
    }
    print ""
    n_columns = split("threads|address space, kB|RSS, kB|PSS, kB|with 5000: threads|address space|RSS|PSS", column, "|")
    split("few_900_threads few_900_vsz few_900_rss few_900_pss few_5000_threads few_5000_vsz few_5000_rss few_5000_pss", key, " ")
    header("memory with 900 connections", n_columns, column)
    for (i = 1; i <= n_models; i++) {
        line = "| " model[i] " |"
        for (j = 1; j <= n_columns; j++) line = line " " bare(model[i], key[j]) " |"
        print line
    }
}
