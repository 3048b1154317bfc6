using System.Diagnostics.CodeAnalysis;

namespace Spindle.Daemon.Configuration;

/// <summary>Keys of libvirtd.conf that mean nothing here, and what comes of that, for whoever takes such a file over.</summary>
/// <remarks>None of them lets anybody in who was to stay out: those that would are keys (<c>crl_file</c>, <c>access_drivers</c>).</remarks>
internal static class LibvirtForeignKeys
{
    private const string NoSasl = "there is no SASL here, and 'sasl' lets nobody in";
    private const string NoDiscovery = "the door is not announced by mDNS";
    private const string OurLog = "what is logged, and where, is said by spindled's options and by virt-admin";
    private const string NoAudit = "nothing is written to the kernel's audit log";
    private const string NoHostId = "nodedev-dumpxml computer shows the machine's own UUID";
    private const string NoKeepAlive = "clients that know no keepalive are let in, as by libvirt, which has dropped the key";

    /// <summary>What comes of it that a key is ignored; false: it is no key of libvirtd.conf.</summary>
    public static bool TryFind(string key, [NotNullWhen(true)] out string? consequence)
    {
        consequence = key switch
        {
            "tls_priority" => "TLS 1.2 is spoken, with the ciphers of the system's OpenSSL",
            "sasl_allowed_username_list" or "tcp_min_ssf" => NoSasl,
            "mdns_adv" or "mdns_name" => NoDiscovery,
            "log_level" or "log_filters" or "log_outputs" or "log_buffer_size" => OurLog,
            "audit_level" or "audit_logging" => NoAudit,
            "host_uuid" or "host_uuid_source" => NoHostId,
            "keepalive_required" or "admin_keepalive_required" => NoKeepAlive,
            "ovs_timeout" => "nothing here asks Open vSwitch",
            _ => null,
        };
        return consequence is not null;
    }
}
