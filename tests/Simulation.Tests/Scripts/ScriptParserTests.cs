namespace Spindle.Simulation.Scripts;

public sealed class ScriptParserTests
{
    [Fact]
    public void Steps_are_separated_by_semicolons_and_ends_of_lines()
    {
        var steps = ScriptParser.Parse("epoll e; eventfd v\n# add e v IN\n\n  add e v   IN|ET as x ;; wait e 8\n");
        Assert.Equal(["epoll e", "eventfd v", "add e v IN|ET as x", "wait e 8"], System.Linq.Enumerable.Select(steps, step => step.Text));
        Assert.Equal([1, 2, 3, 4], System.Linq.Enumerable.Select(steps, step => step.Number));
        Assert.Equal([1, 1, 4, 4], System.Linq.Enumerable.Select(steps, step => step.Line));
    }

    [Theory]
    [InlineData("epoll e\nfrobnicate e", 2, "there is no step 'frobnicate'")]
    [InlineData("add e", 1, "usage: add E FD MASK [as TAG]")]
    [InlineData("epoll e; add e v IN", 1, "no step before makes 'v'")]
    [InlineData("epoll e\n\nadd e #0 INN", 3, "'INN' is no mask")]
    [InlineData("epoll e; wait e many", 1, "'many' is no number")]
    [InlineData("poll #0", 1, "'#0' is not FD:MASK")]
    [InlineData("open f F ro", 1, "no step before makes a FIFO 'F'")]
    [InlineData("state T", 1, "no step before starts 'T'")]
    [InlineData("eventfd #4", 1, "'#4' cannot be a name")]
    public void What_is_wrong_is_said_with_its_line(string script, int line, string complaint)
    {
        ScriptException wrong = Assert.Throws<ScriptException>(() => ScriptParser.Parse(script));
        Assert.Equal(line, wrong.Line);
        Assert.Contains(complaint, wrong.Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("IN")]
    [InlineData("IN|PRI|OUT|ERR|HUP|NVAL|RDNORM|RDBAND|WRNORM|WRBAND|MSG|RDHUP|EXCLUSIVE|WAKEUP|ONESHOT|ET")]
    [InlineData("IN|0x4000000")]
    public void A_mask_is_written_as_it_was_read(string text)
    {
        Assert.True(MaskText.TryParse(text, out var mask));
        Assert.Equal(text, MaskText.Format(mask));
    }
}
