using System;
using System.Text;
using Spindle.Kernels;

namespace Spindle.DBus;

/// <summary>This machine's id, as org.freedesktop.DBus.Peer tells it.</summary>
public static class MachineId
{
    private const int Length = 32;

    private static readonly string[] Paths = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    /// <summary>Reads it (<c>man 5 machine-id</c>): 32 hexadecimal digits, all zeros if the machine has none.</summary>
    public static string Read(Kernel kernel)
    {
        Span<byte> octets = stackalloc byte[Length];
        foreach (string path in Paths)
        {
            if (kernel.ReadFile(path, octets).Int == Length && !octets.ContainsAnyExcept("0123456789abcdef"u8))
            {
                return Encoding.ASCII.GetString(octets);
            }
        }

        return new string('0', Length);
    }
}
