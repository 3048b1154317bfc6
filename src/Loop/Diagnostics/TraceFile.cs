using System;
using Spindle.Kernels;

namespace Spindle.Loop.Diagnostics;

/// <summary>Writing to a trace's file.</summary>
internal static class TraceFile
{
    public static Result WriteAll(Kernel kernel, int fd, ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            Result result = kernel.Write(fd, octets);
            if (!result.IsOk)
            {
                return result;
            }

            octets = octets[result.Int..];
        }

        return Result.Ok();
    }
}
