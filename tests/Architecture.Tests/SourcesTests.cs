using System.Linq;

namespace Spindle.Architecture;

public sealed class SourcesTests
{
    [Fact]
    public void The_sources_keep_the_house_rules()
    {
        Complaint.IfAny(SourceRules.Violations(Tree.Sources()));
    }

    [Fact]
    public void There_are_sources_to_look_at()
    {
        Assert.True(Tree.Sources().Count > 5);
    }

    [Theory]
    [InlineData("src/Loop/X.cs", "[DllImport(\"libc\")]")]
    [InlineData("src/Drivers/X.cs", "public unsafe void Y()")]
    [InlineData("src/Daemon/X.cs", "Task.Run(() => 1);")]
    [InlineData("src/Daemon/X.cs", "var t = new Thread(Work);")]
    [InlineData("src/Loop/X.cs", "var t = new System.Threading.Timer(Work);")]
    [InlineData("src/Loop/X.cs", "var t = new Timer(Work);")]
    [InlineData("src/Model/X.cs", "var now = DateTime.UtcNow;")]
    [InlineData("src/Daemon/X.cs", "var s = Stopwatch.GetTimestamp();")]
    [InlineData("src/Drivers/X.cs", "using System.Net.Sockets;")]
    [InlineData("src/Drivers/X.cs", "using System.Net;")]
    [InlineData("src/Daemon/X.cs", "Console.WriteLine(1);")]
    [InlineData("src/Daemon/X.cs", "string s = File.ReadAllText(path);")]
    [InlineData("src/Daemon/X.cs", "var r = new Random(1);")]
    [InlineData("src/Programs/spindle/X.cs", "Process.Start(\"ip\");")]
    [InlineData("src/Basics/X.cs", "    #region Helpers")]
    [InlineData("src/Basics/X.cs", "using System.Reflection;")]
    public void What_must_not_stand_there_is_found(string path, string text)
    {
        Assert.Single(SourceRules.Violations([new Source(path, text)]));
    }

    [Theory]
    [InlineData("src/Kernel/X.cs", "[DllImport(\"libc\")]")]
    [InlineData("src/DBus/X.cs", "public unsafe void Y()")]
    [InlineData("src/Loop/X.cs", "var t = new Thread(Work);")]
    [InlineData("src/Daemon/X.cs", "// Task.Run is not used here: new Thread(x)")]
    [InlineData("src/Daemon/X.cs", "    /// no <see cref=\"DateTime.Now\"/> here")]
    [InlineData("src/Daemon/X.cs", "Log(\"see https://example.org: Console.WriteLine\");")]
    [InlineData("src/Programs/spindle/X.cs", "Console.WriteLine(1);")]
    [InlineData("src/Basics/IpAddress.cs", "using System.Net;")]
    [InlineData("src/Basics/X.cs", "public sealed class A { }\npublic enum B { C }\npublic sealed record D(int E);\npublic delegate void F();")]
    public void What_may_stand_there_is_left_alone(string path, string text)
    {
        Assert.Empty(SourceRules.Violations([new Source(path, text)]));
    }

    [Fact]
    public void Two_types_that_do_not_share_a_page_are_found()
    {
        string text = "public sealed class A { }\npublic readonly ref struct B { }" + string.Concat(Enumerable.Repeat("\n", SourceRules.LinesSharedMax));
        Assert.Single(SourceRules.Violations([new Source("src/Basics/X.cs", text)]));
    }

    [Fact]
    public void A_file_that_is_too_long_is_found()
    {
        string text = string.Concat(Enumerable.Repeat("\n", SourceRules.LinesMax));
        Assert.Single(SourceRules.Violations([new Source("src/Basics/X.cs", text)]));
    }
}
