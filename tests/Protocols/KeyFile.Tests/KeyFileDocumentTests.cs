using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Spindle.Protocols.KeyFile.Tests;

/// <summary>What a reader makes of a file; checked against GLib 2.74 where it says so.</summary>
public sealed class KeyFileDocumentTests
{
    [Theory]
    [InlineData("a=b\n", 1, "before the first group")]
    [InlineData("[g]\n\n[g", 3, "does not end in ']'")]
    [InlineData("[g]x\n", 1, "does not end in ']'")]
    [InlineData("[g]]\n", 1, "does not end in ']'")]
    [InlineData("[]\n", 1, "group name")]
    [InlineData("[g[]\n", 1, "group name")]
    [InlineData("[g\u0001]\n", 1, "group name")]
    [InlineData("[g]\n=v\n", 2, "neither a group")]
    [InlineData("[g]\n;c\n", 2, "neither a group")]
    [InlineData("[g]\nk\n", 2, "neither a group")]
    [InlineData("[g]\na=1\na[=x\n", 3, "key name")]
    [InlineData("[g]\na]=x\n", 2, "key name")]
    [InlineData("[g]\na=x\0y\n", 2, "NUL")]
    [InlineData("\uFEFF[g]\na=1\n", 1, "byte order mark")]
    public void A_line_that_is_nothing_refuses_the_file_and_is_named(string text, int line, string reason)
    {
        Assert.False(KeyFileDocument.TryParse(Encoding.UTF8.GetBytes(text), out KeyFileDocument? document, out KeyFileError error));
        Assert.Null(document);
        Assert.Equal(line, error.Line);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  [g]  \n  a = b  \n", "g", "a", "b  ")]
    [InlineData("[a b]\nc d=1\n", "a b", "c d", "1")]
    [InlineData("[g]\r\na=b\r\n", "g", "a", "b")]
    [InlineData("[g]\na=1\na=2\n", "g", "a", "2")]
    [InlineData("[g]\na=1\n[h]\nb=1\n[g]\nc=2\n", "g", "c", "2")]
    [InlineData("[g]\na[de_DE.UTF-8@euro]=z\n", "g", "a[de_DE.UTF-8@euro]", "z")]
    [InlineData("[g]\na=\\sx\\sy\\n\\t\\r\\\\\n", "g", "a", " x y\n\t\r\\")]
    [InlineData("[g]\na = 1 # no comment\n", "g", "a", "1 # no comment")]
    [InlineData("[ g ]\na=1\n", " g ", "a", "1")]
    [InlineData("[g]\n a  b  =1\n", "g", "a  b", "1")]
    [InlineData("[g]\na=\t x\n", "g", "a", "x")]
    [InlineData("[g]\na=", "g", "a", "")]
    [InlineData("[g]\na=b=c", "g", "a", "b=c")]
    [InlineData("#c\n\n \n[g]\n #d\na=[x]", "g", "a", "[x]")]
    public void Strings_read_as_GLib_reads_them(string text, string group, string key, string value) =>
        Assert.Equal(value, Read(text).GetString(group, key));

    [Theory]
    [InlineData("x;y\\;z;", new[] { "x", "y;z" })]
    [InlineData("x;y", new[] { "x", "y" })]
    [InlineData(";;", new[] { "", "" })]
    [InlineData("", new string[0])]
    [InlineData("a;b\\\\;\\sd;;e\\tf g;", new[] { "a", "b\\", " d", "", "e\tf g" })]
    public void Lists_read_as_GLib_reads_them(string value, string[] pieces) =>
        Assert.Equal(pieces, Read($"[g]\na={value}\n").GetList("g", "a"));

    [Fact]
    public void A_comma_separates_where_the_reader_says_so()
    {
        Assert.Equal(["wifi", " ethernet"], Read("[g]\na=wifi, ethernet,\n").GetList("g", "a", ','));
        Assert.Equal(["a,b", "c"], Read("[g]\na=a\\,b,c\n").GetList("g", "a", ','));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false ", false)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("TRUE", null)]
    [InlineData("yes", null)]
    [InlineData("", null)]
    public void Truth_is_lower_case(string value, bool? expected) =>
        Assert.Equal(expected, Read($"[g]\na={value}\n").GetBoolean("g", "a"));

    [Theory]
    [InlineData("12", 12)]
    [InlineData("-5 ", -5)]
    [InlineData("0x12", null)]
    [InlineData("12x", null)]
    [InlineData("12 x", null)]
    [InlineData("99999999999", null)]
    [InlineData("", null)]
    public void A_number_is_decimal_and_nothing_else(string value, int? expected)
    {
        KeyFileEntry entry = Read($"[g]\n\na={value}\n").Find("g", "a")!;
        Assert.Equal(expected, entry.TryInt32(out int number, out KeyFileError error) ? number : null);
        Assert.Equal(expected is null ? 3 : 0, error.Line);
    }

    [Fact]
    public void A_value_that_is_not_UTF8_spoils_itself_alone()
    {
        Assert.True(KeyFileDocument.TryParse(Latin1("#\xFF\n[g]\na=\xFF\nb=2\n"), out KeyFileDocument? file, out _));
        Assert.False(file.Find("g", "a")!.TryString(out _, out KeyFileError error));
        Assert.Equal("line 3: the value of 'a' is not valid UTF-8", error.ToString());
        Assert.Equal("2", file.GetString("g", "b"));
        Assert.Equal(Latin1("#\xFF\n[g]\na=\xFF\nb=2\n"), file.ToOctets());
        Assert.False(KeyFileDocument.TryParse(Latin1("[\xFF]\n"), out _, out _));
        Assert.False(KeyFileDocument.TryParse(Latin1("[g]\n\xFF=1\n"), out _, out _));
    }

    [Theory]
    [InlineData("\\q")]
    [InlineData("x\\")]
    [InlineData("x\\;")]
    public void An_unknown_escape_is_an_error_of_that_value(string value) =>
        Assert.False(Read($"[g]\na={value}\n").Find("g", "a")!.TryString(out _, out _));

    [Fact]
    public void Size_and_lines_are_bounded()
    {
        Assert.False(KeyFileDocument.TryParse(new byte[KeyFileDocument.SizeMax + 1], out _, out KeyFileError size));
        Assert.Contains("larger than", size.Reason, StringComparison.Ordinal);
        byte[] lines = Enumerable.Repeat((byte)'\n', KeyFileDocument.LinesMax + 1).ToArray();
        Assert.False(KeyFileDocument.TryParse(lines, out _, out KeyFileError count));
        Assert.Equal(KeyFileDocument.LinesMax + 1, count.Line);
        Assert.True(KeyFileDocument.TryParse(lines.AsSpan(1), out _, out _));
    }

    [Theory]
    [MemberData(nameof(RealFiles))]
    public void Files_of_ConnMan_come_out_octet_by_octet(string name)
    {
        byte[] octets = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Files", name));
        Assert.True(KeyFileDocument.TryParse(octets, out KeyFileDocument? file, out KeyFileError error), error.ToString());
        Assert.Equal(octets, file.ToOctets());
        foreach (string group in file.Groups())
        {
            foreach (KeyFileEntry entry in file.Entries(group).ToArray())
            {
                Assert.True(entry.TryRaw(out string? raw, out _));
                file.SetRaw(group, entry.Key, raw);
            }
        }

        Assert.Equal(octets, file.ToOctets());
    }

    public static IEnumerable<object[]> RealFiles() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Files")).Select(path => new object[] { Path.GetFileName(path) });

    private static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    internal static KeyFileDocument Read(string text) =>
        KeyFileDocument.TryParse(Encoding.UTF8.GetBytes(text), out KeyFileDocument? file, out KeyFileError error)
            ? file : throw new InvalidDataException(error.ToString());
}
