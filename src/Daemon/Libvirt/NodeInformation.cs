using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Daemon.Libvirt;

/// <summary>The machine, as <c>virsh nodeinfo</c> shows it.</summary>
/// <param name="Model">The architecture: <c>x86_64</c>.</param>
/// <param name="MemoryKilobytes">All memory, in units of 1024 octets.</param>
/// <param name="Cpus">Logical processors that are on.</param>
/// <param name="Megahertz">Their speed; 0: not known.</param>
/// <param name="Sockets">Packages.</param>
/// <param name="Cores">Cores of a package.</param>
/// <param name="Threads">Threads of a core.</param>
internal sealed record NodeInformation(
    string Model, ulong MemoryKilobytes, int Cpus, int Megahertz, int Sockets, int Cores, int Threads)
{
    private const int SizeMax = 4 << 20;

    /// <summary>Reads it from /proc; null if that is not there.</summary>
    public static NodeInformation? Read(Kernel kernel)
    {
        string? memory = ReadText(kernel, "/proc/meminfo");
        string? processors = ReadText(kernel, "/proc/cpuinfo");
        return memory is null || processors is null ? null : Parse(memory, processors, Architecture());
    }

    /// <summary>The same from the texts of /proc/meminfo and /proc/cpuinfo; null if they do not say what they should.</summary>
    public static NodeInformation? Parse(string memory, string processors, string model)
    {
        ulong kilobytes = 0;
        foreach (string line in memory.Split('\n'))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal))
            {
                _ = ulong.TryParse(
                    line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture, out kilobytes);
            }
        }

        ReadProcessors(processors, out int cpus, out int megahertz, out HashSet<string> packages, out HashSet<string> cores);
        if (kilobytes == 0 || cpus == 0)
        {
            return null;
        }

        // Where cores are not told apart, or do not come out even, libvirt says one package of single cores.
        int socketCount = Math.Max(packages.Count, 1);
        bool isEven = cores.Count > 0 && cores.Count % socketCount == 0 && cpus % cores.Count == 0;
        return isEven
            ? new(model, kilobytes, cpus, megahertz, socketCount, cores.Count / socketCount, cpus / cores.Count)
            : new(model, kilobytes, cpus, megahertz, 1, cpus, 1);
    }

    private static void ReadProcessors(
        string text, out int cpus, out int megahertz, out HashSet<string> packages, out HashSet<string> cores)
    {
        cpus = 0;
        megahertz = 0;
        packages = [];
        cores = [];
        string package = "";
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string value = colon < 0 ? "" : line[(colon + 1)..].Trim();
            switch (colon < 0 ? "" : line[..colon].TrimEnd())
            {
                case "processor":
                    cpus++;
                    package = "";
                    break;
                case "cpu MHz" when megahertz == 0
                    && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double speed):
                    megahertz = (int)speed;
                    break;
                case "physical id":
                    packages.Add(package = value);
                    break;
                case "core id":
                    cores.Add($"{package}:{value}");
                    break;
                default:
                    break;
            }
        }
    }

    private static string Architecture() => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x86_64",
        System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
        System.Runtime.InteropServices.Architecture.X86 => "i686",
        System.Runtime.InteropServices.Architecture.Arm => "armv7l",
        System.Runtime.InteropServices.Architecture architecture => architecture.ToString(),
    };

    private static string? ReadText(Kernel kernel, string path) =>
        kernel.ReadFile(path, SizeMax, out byte[] octets).IsOk ? Encoding.UTF8.GetString(octets) : null;
}
