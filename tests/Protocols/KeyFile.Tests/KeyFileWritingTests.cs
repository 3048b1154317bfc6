using System;
using System.Text;

namespace Spindle.Protocols.KeyFile.Tests;

/// <summary>Changing a file: as little as possible.</summary>
public sealed class KeyFileWritingTests
{
    [Fact]
    public void A_new_file_looks_as_GLib_writes_it()
    {
        KeyFileDocument file = new();
        file.SetString("g", "a", "  x y \t\n\\;é\"");
        file.SetString("g", "a2", "\tx ");
        file.SetList("g", "l", ["a", "b;c", " d", "", "e\\", "\tf g"]);
        file.SetList("g", "l2", ["a"]);
        file.SetList("g", "l3", []);
        file.SetBoolean("h", "b", true);
        file.SetInt64("h", "i", -5);

        // Printed by g_key_file_to_data of GLib 2.74 after the same calls.
        Assert.Equal(
            "[g]\na=\\s\\sx y \t\\n\\\\;é\"\na2=\\tx \nl=a;b\\;c;\\sd;;e\\\\;\\tf g;\nl2=a;\nl3=\n\n[h]\nb=true\ni=-5\n",
            Text(file));
    }

    [Fact]
    public void Comments_order_and_unknown_keys_survive_a_change()
    {
        KeyFileDocument file = KeyFileDocumentTests.Read("# top\n[g]\n# first\na=1\n# second\nb=2\nfoo = 3\n\n[h]\nc=1\n\n\n");
        file.SetRaw("g", "a", "9");
        file.SetRaw("g", "new", "1");
        file.SetRaw("h", "new", "2");
        file.SetRaw("n", "x", "y");
        Assert.True(file.Remove("g", "b"));
        Assert.False(file.Remove("g", "b"));
        Assert.Equal(
            "# top\n[g]\n# first\na=9\n# second\nfoo = 3\nnew=1\n\n[h]\nc=1\nnew=2\n\n\n[n]\nx=y\n", Text(file));
    }

    [Fact]
    public void The_duplicate_that_counts_is_the_one_that_changes()
    {
        KeyFileDocument file = KeyFileDocumentTests.Read("[g]\na=1\na=2\n");
        file.SetRaw("g", "a", "3");
        Assert.Equal("[g]\na=1\na=3\n", Text(file));
        Assert.True(file.Remove("g", "a"));
        Assert.Equal("[g]\n", Text(file));
    }

    [Fact]
    public void A_value_that_stays_keeps_its_line()
    {
        KeyFileDocument file = KeyFileDocumentTests.Read("[g]\n  a  =  1\r\nb=2");
        file.SetInt64("g", "a", 1);
        Assert.Equal("[g]\n  a  =  1\r\nb=2", Text(file));
        file.SetInt64("g", "c", 3);
        Assert.Equal("[g]\n  a  =  1\r\nb=2\nc=3\n", Text(file));
    }

    [Fact]
    public void A_group_can_be_removed()
    {
        KeyFileDocument file = KeyFileDocumentTests.Read("[g]\na=1\n\n[h]\nb=2\n");
        Assert.True(file.HasGroup("g"));
        Assert.True(file.RemoveGroup("g"));
        Assert.False(file.HasGroup("g"));
        Assert.Equal("[h]\nb=2\n", Text(file));
        Assert.Null(file.Find("g", "a"));
    }

    [Theory]
    [InlineData("\v\f x\0y\r\n\t ", "\\s" + "xy\\r\\n\t ")]
    [InlineData("", "")]
    [InlineData("a\vb", "a\vb")]
    public void What_the_format_cannot_say_is_left_out(string value, string raw) =>
        Assert.Equal(raw, KeyFileEscapes.Escape(value));

    [Theory]
    [InlineData("g]", "a", "1")]
    [InlineData("", "a", "1")]
    [InlineData("g", "a=b", "1")]
    [InlineData("g", " a", "1")]
    [InlineData("g", "#a", "1")]
    [InlineData("g", "a", "1\nb=2")]
    [InlineData("g", "a", " 1")]
    public void What_would_not_be_read_back_is_the_callers_fault(string group, string key, string value) =>
        Assert.Throws<ArgumentException>(() => new KeyFileDocument().SetRaw(group, key, value));

    private static string Text(KeyFileDocument file) => Encoding.UTF8.GetString(file.ToOctets());
}
