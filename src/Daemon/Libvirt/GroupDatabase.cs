using System.Globalization;
using System.Text;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Libvirt;

/// <summary>Numbers of groups, from <c>/etc/group</c> (<c>man 5 group</c>).</summary>
internal static class GroupDatabase
{
    /// <summary>The number of a group by its name, or by its number as text; null if there is none.</summary>
    public static uint? Find(Kernel kernel, string group)
    {
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
        {
            return number;
        }

        return kernel.ReadFile("/etc/group", KeyFileDocument.SizeMax, out byte[] octets).IsOk ? Find(Encoding.UTF8.GetString(octets), group) : null;
    }

    /// <summary>The same in the file's text.</summary>
    public static uint? Find(string database, string group)
    {
        foreach (string line in database.Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 3 && fields[0] == group
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
            {
                return number;
            }
        }

        return null;
    }
}
