using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Spindle.Daemon.Configuration;

namespace Spindle.Daemon.Tests.Configuration;

/// <summary>docs/configuration.md against the table of keys.</summary>
public sealed class DocumentationTests
{
    [Theory]
    [InlineData("## main.conf", "## The libvirt door", false)]
    [InlineData("## The libvirt door", "## Provisioning", true)]
    public void Every_key_is_documented_with_its_default_and_its_effect_and_nothing_else_is(string from, string to, bool isLibvirt)
    {
        string text = File.ReadAllText(Path.Combine(Root(), "docs", "configuration.md"));
        string table = text[text.IndexOf(from, StringComparison.Ordinal)..text.IndexOf(to, StringComparison.Ordinal)];
        IEnumerable<string> documented = Regex.Matches(table, @"^\| `(\w+)` \| (?:`(.*?)`)? ?\| .* \| (live|restart|not yet).*\|$", RegexOptions.Multiline)
            .Select(row => $"{row.Groups[1]}|{row.Groups[2]}|{row.Groups[3]}");
        MainConfiguration defaults = new();
        IEnumerable<string> known = (isLibvirt ? LibvirtKeys.All : MainKeys.All).Select(key => $"{key.Name}|{key.Show(defaults)}|{Show(key.Effect)}");
        Assert.Equal(known, documented);
    }

    private static string Show(MainKeyEffect effect) => effect switch
    {
        MainKeyEffect.Live => "live",
        MainKeyEffect.Restart => "restart",
        MainKeyEffect.NotYet => "not yet",
    };

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Spindle.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("not inside the repository");
    }
}
