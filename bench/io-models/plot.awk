# A bar chart as SVG, on a logarithmic scale: awk -F TAB -v title=… -v unit=… -f plot.awk, from lines
# "label TAB group TAB median TAB low TAB high". Whiskers are quartiles. Colours hold on white and on black.

BEGIN { WIDTH = 860; LEFT = 150; RIGHT = 90; TOP = 64; BAR = 13; GAP = 10; split("#2f81f7 #e3703a #3fa55b", colour, " ") }

{
    if (!($1 in row_of)) { row_of[$1] = ++rows; label[rows] = $1 }
    if (!($2 in group_of)) { group_of[$2] = ++groups; group[groups] = $2 }
    at = row_of[$1] "," group_of[$2]
    median[at] = $3
    low[at] = $4
    high[at] = $5
    if (least == "" || ($4 > 0 && $4 < least)) least = $4 > 0 ? $4 : least
    if ($5 > most) most = $5
}

function log10(x) { return log(x) / log(10) }
function floor(x) { return x == int(x) || x > 0 ? int(x) : int(x) - 1 }
function across(value) { return LEFT + (log10(value < 10 ^ from ? 10 ^ from : value) - from) / (to - from) * (WIDTH - LEFT - RIGHT) }
function short(x) { return x >= 100 ? sprintf("%.0f", x) : x >= 10 ? sprintf("%.1f", x) : sprintf("%.2f", x) }

END {
    from = floor(log10(least > 0 ? least : 1))
    to = floor(log10(most > 0 ? most : 1)) + 1
    height = TOP + rows * (groups * BAR + GAP) + 30
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#808080\">\n", WIDTH, height
    printf "<text x=\"12\" y=\"20\" font-size=\"14\">%s</text>\n", title
    x = 12
    for (g = 1; g <= groups; g++) {
        printf "<rect x=\"%d\" y=\"32\" width=\"11\" height=\"11\" fill=\"%s\"/><text x=\"%d\" y=\"42\">%s</text>\n", x, colour[g], x + 16, group[g]
        x += 40 + 7 * length(group[g])
    }
    for (power = from; power <= to; power++) {
        x = across(10 ^ power)
        printf "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#808080\" stroke-opacity=\"0.3\"/>", x, TOP - 6, x, height - 24
        printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g %s</text>\n", x, height - 8, 10 ^ power, unit
    }
    for (r = 1; r <= rows; r++) {
        y = TOP + (r - 1) * (groups * BAR + GAP)
        printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 8, y + groups * BAR / 2 + 4, label[r]
        for (g = 1; g <= groups; g++) {
            at = r "," g
            top = y + (g - 1) * BAR
            if (!(at in median)) continue
            printf "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>", LEFT, top, across(median[at]) - LEFT + 1, BAR - 2, colour[g]
            printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#808080\" stroke-width=\"2\"/>", across(low[at]), top + BAR / 2 - 1, across(high[at]), top + BAR / 2 - 1
            printf "<text x=\"%.1f\" y=\"%.1f\" font-size=\"9\">%s</text>\n", across(high[at]) + 5, top + BAR - 4, short(median[at])
        }
    }
    print "</svg>"
}
