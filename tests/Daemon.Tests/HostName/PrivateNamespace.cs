using System;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Spindle.Daemon.Tests.HostName;

/// <summary>Runs something on a thread with a mount and a UTS namespace of its own, which end with the thread: mounts and
/// host names set there are nobody else's. Needs root.</summary>
internal static class PrivateNamespace
{
    private const int NewMounts = 0x0002_0000; // CLONE_NEWNS
    private const int NewNames = 0x0400_0000; // CLONE_NEWUTS
    private const ulong Bind = 0x1000; // MS_BIND
    private const ulong RecursivePrivate = 0x4000 | 0x4_0000; // MS_REC | MS_PRIVATE

    public static void Run(Action body)
    {
        ExceptionDispatchInfo? thrown = null;
        Thread thread = new(() =>
        {
            try
            {
                Assert.True(unshare(NewMounts | NewNames) == 0, "These tests need root, for namespaces.");
                Assert.Equal(0, mount("none", "/", "none", RecursivePrivate, 0));
                body();
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        thrown?.Throw();
    }

    /// <summary>Mounts a file over another, or over itself.</summary>
    public static void BindMount(string from, string to) => Assert.Equal(0, mount(from, to, "none", Bind, 0));

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int mount(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string source,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string target,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string type,
        ulong flags,
        nint data);
}
