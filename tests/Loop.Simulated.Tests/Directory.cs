using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>What the tests use of System.IO.Directory, on the simulated kernel's files.</summary>
internal static class Directory
{
    private static int numbers;

    public static TemporaryDirectory CreateTempSubdirectory(string prefix)
    {
        string path = $"/tmp/{prefix}{++numbers}";
        CreateDirectory(path);
        return new TemporaryDirectory(path);
    }

    public static void CreateDirectory(string path) => Assert.True(TestKernel.Current.MakeDirectory(path).IsOk);

    public static bool Exists(string path) => TestKernel.Current.Status(path, out FileStatus status).IsOk && status.IsDirectory;

    public static void Delete(string path, bool recursive = false)
    {
        List<string> names = [];
        if (recursive)
        {
            TestKernel.Current.ListDirectory(path, names);
        }

        foreach (string name in names)
        {
            if (!TestKernel.Current.Unlink($"{path}/{name}").IsOk)
            {
                Delete($"{path}/{name}", recursive: true);
            }
        }

        Assert.True(TestKernel.Current.RemoveDirectory(path).IsOk);
    }
}

/// <summary>A folder that was made for a test.</summary>
internal sealed record TemporaryDirectory(string FullName);
