using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using Spindle.Kernels;
using Spindle.Kernels.Raw;

namespace Spindle.Simulation.Scripts;

/// <summary>Runs work on a thread whose descriptors are its own: nobody else takes or gives back any.</summary>
internal static class OwnDescriptors
{
    /// <summary>Runs to its end, while the caller waits. What it throws is thrown here.</summary>
    /// <param name="work">Gets the lowest number that is not in use; all above are free too.</param>
    public static void Run(Action<int> work)
    {
        // The runtime opens /dev/urandom once and for all, and keeps its number. Opened on the thread with a table of its own, that number
        // would be a script's object, of which the runtime now and then reads 32 octets.
        _ = System.IO.Path.GetRandomFileName();

        // What the script's thread would be the first to use of other assemblies: loading one takes descriptors too.
        _ = new LinuxKernel().Now(ClockId.Monotonic) + TimeSpan.Zero;
        _ = System.Linq.Enumerable.Count(ScriptVerbs.All);
        using ManualResetEventSlim finished = new();
        ExceptionDispatchInfo? thrown = null;
        Result started = new LinuxKernel().StartThread("script", () =>
        {
            try
            {
                Result left = RawDescriptors.LeaveDescriptors();
                if (!left.IsOk)
                {
                    throw new InvalidOperationException($"a descriptor table of one's own cannot be had: {left.Error}");
                }

                work(left.Int);
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
            }

            finished.Set();
        });
        if (!started.IsOk)
        {
            throw new InvalidOperationException($"a thread cannot be started: {started.Error}");
        }

        finished.Wait();
        thrown?.Throw();
    }
}
