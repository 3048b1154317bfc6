using System;
using System.Globalization;
using System.Text;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor;

/// <summary>Names of users and groups, from the machine's own files (<c>/etc/passwd</c>, <c>/etc/group</c>).</summary>
public sealed class UserNames(Kernel kernel)
{
    private const int SizeMax = 4 * 1024 * 1024;

    /// <summary>The name of a user; null: it has none here.</summary>
    public string? FindUser(uint id) => FindName("/etc/passwd", id);

    /// <summary>The name of a group; null: it has none here.</summary>
    public string? FindGroup(uint id) => FindName("/etc/group", id);

    /// <summary>The number of a user, by its name or by the number itself.</summary>
    public bool TryFindUser(string name, out uint id) => TryFindId("/etc/passwd", name, out id);

    /// <summary>The number of a group, by its name or by the number itself.</summary>
    public bool TryFindGroup(string name, out uint id) => TryFindId("/etc/group", name, out id);

    // name:password:number:...
    private string? FindName(string path, uint id)
    {
        foreach (string line in ReadLines(path))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 2 && TryParse(fields[2], out uint found) && found == id)
            {
                return fields[0];
            }
        }

        return null;
    }

    private bool TryFindId(string path, string name, out uint id)
    {
        foreach (string line in ReadLines(path))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 2 && fields[0] == name && TryParse(fields[2], out id))
            {
                return true;
            }
        }

        return TryParse(name, out id);
    }

    private static bool TryParse(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private string[] ReadLines(string path)
    {
        kernel.ReadFile(path, SizeMax, out byte[] octets);
        return Encoding.UTF8.GetString(octets).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
