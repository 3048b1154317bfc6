using System.IO;

namespace Spindle.Programs.Tests;

public sealed class PlainTests
{
    [Fact]
    public void What_could_steer_a_terminal_is_replaced() =>
        Assert.Equal("a\ufffd[31mb\ufffdc\ufffdhäh", Plain.Of("a\e[31mb\nc\u202ehäh"));

    [Fact]
    public void Columns_are_as_wide_as_a_terminal_shows_them()
    {
        Table table = new();
        table.Add("网络", "x");
        table.Add("ab", "y");
        table.Add("e\u0301", "z");
        using StringWriter output = new();
        table.Write(output, hasColours: false);
        Assert.Equal("网络  x\nab    y\ne\u0301     z\n", output.ToString());
    }

    [Fact]
    public void Colours_do_not_move_columns()
    {
        Table table = new();
        table.Add(new Cell("on", Colour.Green), "x");
        table.Add("idle", "y");
        using StringWriter output = new();
        table.Write(output, hasColours: true);
        Assert.Equal("\e[32mon\e[0m    x\nidle  y\n", output.ToString());
    }

    [Theory]
    [InlineData(59, "59 s")]
    [InlineData(3599, "59 min 59 s")]
    [InlineData(86_399, "23 h 59 min")]
    [InlineData(90_000, "1 d 1 h")]
    public void Durations_have_two_units(ulong seconds, string text) => Assert.Equal(text, Duration.Of(seconds));
}
