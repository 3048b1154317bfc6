using System;
using System.IO;
using System.Security.Cryptography;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Workers;

namespace Spindle.Examples;

/// <summary>Prints the SHA-256 sums of files: <c>Checksums FILE...</c>. Workers read and compute; only the loop's thread prints.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            Console.Error.WriteLine("usage: Checksums FILE...");
            return 2;
        }

        using EventLoop loop = new(new LinuxKernel());
        using WorkerPool pool = new(loop, new WorkerLimits { Maximum = Environment.ProcessorCount, QueueMax = arguments.Length });
        int left = arguments.Length;
        int exitCode = 0;
        foreach (string file in arguments)
        {
            string sum = "";
            Result queued = pool.Start(
                () => sum = Sum(file),
                failure =>
                {
                    if (failure is null)
                    {
                        Console.WriteLine($"{sum}  {file}");
                    }
                    else
                    {
                        Console.Error.WriteLine($"Checksums: {failure.Message}");
                        exitCode = 1;
                    }

                    if (--left == 0)
                    {
                        loop.Quit();
                    }
                });
            if (!queued.IsOk)
            {
                Console.Error.WriteLine($"Checksums: {file}: {queued.Error}");
                return 1;
            }
        }

        loop.Run();
        return exitCode;
    }

    private static string Sum(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
