using System.Diagnostics.CodeAnalysis;

namespace Spindle.LibvirtDoor.Admin;

/// <summary>The daemon's log, as far as virt-admin reads and changes it. On the loop's thread.</summary>
public interface IAdminLogging
{
    /// <summary>Where it goes, by libvirt's syntax: <c>1:file:/var/log/x 3:stderr</c>.</summary>
    string Outputs { get; }

    /// <summary>What of it is told, by libvirt's syntax: <c>1:rpc 4:event</c>; empty: no filter.</summary>
    string Filters { get; }

    /// <summary>Sets where it goes; empty: as at the start.</summary>
    /// <returns>False: nothing has changed, for the reason given.</returns>
    bool TrySetOutputs(string outputs, [NotNullWhen(false)] out string? complaint);

    /// <summary>Sets what of it is told; empty: no filter.</summary>
    /// <returns>False: nothing has changed, for the reason given.</returns>
    bool TrySetFilters(string filters, [NotNullWhen(false)] out string? complaint);
}
