using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Spindle.Daemon.Provisioning;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Libvirt;

/// <summary>The provisioning files that define writes: how they are named, and how they are told from others.</summary>
/// <remarks>
/// A file's name is letters and digits, a link's nearly anything: <c>libvirt</c> and the link's name, with each octet that is
/// neither a letter nor a digit, and each <c>X</c>, as <c>X</c> and two hexadecimal digits. <c>br-0</c> is <c>libvirtbrX2D0.config</c>.
/// </remarks>
internal static class DefinitionFile
{
    /// <summary>How such files begin.</summary>
    public const string Prefix = "libvirt";

    /// <summary><c>Description</c>: says to people, and to undefine, where the file comes from.</summary>
    public const string Mark = "Defined through libvirt";

    private const string Global = "global";
    private const string Service = "service_libvirt";

    /// <summary>The name of the file for this link.</summary>
    public static string NameOf(string link)
    {
        StringBuilder name = new(Prefix);
        foreach (byte octet in Encoding.UTF8.GetBytes(link))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) && octet != (byte)'X')
            {
                name.Append((char)octet);
            }
            else
            {
                name.Append(CultureInfo.InvariantCulture, $"X{octet:X2}");
            }
        }

        return name.Append(ProvisioningParser.Suffix).ToString();
    }

    /// <summary>True if define has written this under that name.</summary>
    public static bool IsOurs(string name, ReadOnlySpan<byte> octets) =>
        KeyFileDocument.TryParse(octets, out KeyFileDocument? document, out _)
        && document.GetString(Global, "Description") == Mark
        && document.GetString(Global, "Name") is { } link && NameOf(link) == name;

    /// <summary>Writes a file, and reads it as the provisioning directory will: what that refuses is refused here.</summary>
    public static bool TryWrite(DefinedService defined, [NotNullWhen(true)] out byte[]? octets, out string reason)
    {
        KeyFileDocument document = new();
        document.SetString(Global, "Name", defined.Link);
        document.SetString(Global, "Description", Mark);
        document.SetString(Service, "Type", "ethernet");
        if (defined.Mac is { } mac)
        {
            document.SetString(Service, "MAC", mac.ToString());
        }

        document.SetString(Service, "DeviceName", defined.Link);
        document.SetString(Service, "IPv4", defined.Ipv4);
        document.SetString(Service, "IPv6", defined.Ipv6);
        octets = document.ToOctets();
        bool isRead = ProvisioningParser.TryParse(NameOf(defined.Link), octets, out ProvisioningFile? file, out KeyFileError error);
        bool isWhole = isRead && file!.Services.Length == 1 && file.Remarks.IsEmpty && file.Services[0].DeviceName == defined.Link;
        reason = !isRead ? error.Reason : isWhole ? "" : "it cannot be written as a provisioning file";
        octets = isWhole ? octets : null;
        return isWhole;
    }
}
