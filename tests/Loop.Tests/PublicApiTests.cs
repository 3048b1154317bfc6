using System;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using Spindle.Basics;

namespace Spindle.Loop.Tests;

/// <summary>What the package shows is listed in <c>src/Loop/PublicApi.txt</c>: a change of it is seen in review, and never happens by mistake.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_members_are_those_that_are_listed()
    {
        string listing = ListingPath();
        string actual = PublicApi.Of(typeof(Instant).Assembly, typeof(Kernels.Kernel).Assembly, typeof(EventLoop).Assembly);
        if (Environment.GetEnvironmentVariable("SPINDLE_ACCEPT_API") == "1")
        {
            File.WriteAllText(listing, actual);
        }

        string[] listed = File.ReadAllLines(listing);
        string[] found = actual.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int line = 0; line < Math.Max(listed.Length, found.Length); line++)
        {
            string was = line < listed.Length ? listed[line] : "(end)";
            string now = line < found.Length ? found[line] : "(end)";
            Assert.True(was == now, $"line {line + 1} of src/Loop/PublicApi.txt says '{was}', the assemblies '{now}'. If that is meant: ./do api");
        }
    }

    private static string ListingPath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src/Loop/PublicApi.txt"));
}
