using System.Text;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>What the tests use of System.IO.File, on the simulated kernel's files.</summary>
internal static class File
{
    public static void WriteAllText(string path, string text)
    {
        int fd = Open(path, FileFlags.Write | FileFlags.Create | FileFlags.Truncate);
        byte[] octets = Encoding.UTF8.GetBytes(text);
        Assert.Equal(octets.Length, TestKernel.Current.Write(fd, octets).Value);
        TestKernel.Current.Close(fd);
    }

    public static void AppendAllText(string path, string text)
    {
        int fd = Open(path, FileFlags.Write | FileFlags.Create | FileFlags.Append);
        TestKernel.Current.Write(fd, Encoding.UTF8.GetBytes(text));
        TestKernel.Current.Close(fd);
    }

    public static byte[] ReadAllBytes(string path)
    {
        int fd = Open(path, FileFlags.Read);
        byte[] octets = new byte[1 << 20];
        int count = TestKernel.Current.Read(fd, octets).Int;
        TestKernel.Current.Close(fd);
        return octets[..count];
    }

    public static string ReadAllText(string path) => Encoding.UTF8.GetString(ReadAllBytes(path));

    public static void Delete(string path) => TestKernel.Current.Unlink(path);

    public static void Move(string from, string to) => Assert.True(TestKernel.Current.Rename(from, to).IsOk);

    public static void CreateSymbolicLink(string path, string target) => TestKernel.Current.Machine.MakeLink(path, target);

    public static bool Exists(string path) => TestKernel.Current.Status(path, out FileStatus status).IsOk && status.IsRegular;

    private static int Open(string path, FileFlags flags)
    {
        Result opened = TestKernel.Current.Open(path, flags);
        Assert.True(opened.IsOk, opened.ToString());
        return opened.Int;
    }
}
