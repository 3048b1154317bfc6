using System;
using System.Collections.Immutable;

namespace Spindle.Daemon.Configuration;

/// <summary>The keys of the group <c>[Libvirt]</c> of <c>main.conf</c> with their defaults: libvirtd.conf's names, and three of our own.</summary>
public sealed record LibvirtConfiguration
{
    /// <summary><c>enabled</c>: the door is there. Ours.</summary>
    public bool IsEnabled { get; init; }

    /// <summary><c>transaction_timeout</c>: how long a begin waits for its commit until it is rolled back; zero: until the next
    /// start. Ours.</summary>
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary><c>auth_timeout</c>: how long a client may take until it is authenticated. Ours.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>min_workers</c>.</summary>
    public int WorkersMin { get; init; } = 5;

    /// <summary><c>max_workers</c>.</summary>
    public int WorkersMax { get; init; } = 20;

    /// <summary><c>prio_workers</c>.</summary>
    public int PriorityWorkers { get; init; } = 5;

    /// <summary><c>max_clients</c>.</summary>
    public int ClientsMax { get; init; } = 5000;

    /// <summary><c>max_anonymous_clients</c>; 0: as many as clients.</summary>
    public int AnonymousClientsMax { get; init; } = 20;

    /// <summary><c>max_queued_clients</c>: the backlog of the listening sockets.</summary>
    public int QueuedClientsMax { get; init; } = 1000;

    /// <summary><c>max_client_requests</c>.</summary>
    public int ClientRequestsMax { get; init; } = 5;

    /// <summary><c>keepalive_interval</c>, seconds; -1: never.</summary>
    public int KeepAliveIntervalSeconds { get; init; } = 5;

    /// <summary><c>keepalive_count</c>.</summary>
    public int KeepAliveCount { get; init; } = 5;

    /// <summary><c>admin_min_workers</c>.</summary>
    public int AdminWorkersMin { get; init; } = 5;

    /// <summary><c>admin_max_workers</c>.</summary>
    public int AdminWorkersMax { get; init; } = 20;

    /// <summary><c>admin_max_clients</c>.</summary>
    public int AdminClientsMax { get; init; } = 5000;

    /// <summary><c>admin_max_queued_clients</c>.</summary>
    public int AdminQueuedClientsMax { get; init; } = 20;

    /// <summary><c>admin_max_client_requests</c>.</summary>
    public int AdminClientRequestsMax { get; init; } = 5;

    /// <summary><c>admin_keepalive_interval</c>, seconds; -1: never.</summary>
    public int AdminKeepAliveIntervalSeconds { get; init; } = 5;

    /// <summary><c>admin_keepalive_count</c>.</summary>
    public int AdminKeepAliveCount { get; init; } = 5;

    /// <summary><c>unix_sock_dir</c>.</summary>
    public string SocketDirectory { get; init; } = "/run/libvirt";

    /// <summary><c>unix_sock_group</c>: a group's name or number; empty: the daemon's.</summary>
    public string SocketGroup { get; init; } = "";

    /// <summary><c>unix_sock_ro_perms</c>.</summary>
    public int ReadOnlySocketMode { get; init; } = 0x1FF;

    /// <summary><c>unix_sock_rw_perms</c>; null: 0777 if PolicyKit is asked, else 0700.</summary>
    public int? SocketMode { get; init; }

    /// <summary><c>unix_sock_admin_perms</c>.</summary>
    public int AdminSocketMode { get; init; } = 0x1C0;

    /// <summary><c>auth_unix_ro</c>.</summary>
    public LibvirtAuthentication ReadOnlyAuthentication { get; init; } = LibvirtAuthentication.PolicyKit;

    /// <summary><c>auth_unix_rw</c>.</summary>
    public LibvirtAuthentication Authentication { get; init; } = LibvirtAuthentication.PolicyKit;

    /// <summary><c>listen_tcp</c>.</summary>
    public bool IsTcpWanted { get; init; }

    /// <summary><c>listen_tls</c>.</summary>
    public bool IsTlsWanted { get; init; }

    /// <summary><c>tcp_port</c>.</summary>
    public int TcpPort { get; init; } = 16509;

    /// <summary><c>tls_port</c>.</summary>
    public int TlsPort { get; init; } = 16514;

    /// <summary><c>listen_addr</c>; empty: all addresses.</summary>
    public string ListenAddress { get; init; } = "";

    /// <summary><c>auth_tcp</c>.</summary>
    public LibvirtAuthentication TcpAuthentication { get; init; } = LibvirtAuthentication.Sasl;

    /// <summary><c>auth_tls</c>.</summary>
    public LibvirtAuthentication TlsAuthentication { get; init; } = LibvirtAuthentication.None;

    /// <summary><c>key_file</c>.</summary>
    public string KeyFile { get; init; } = "/etc/pki/libvirt/private/serverkey.pem";

    /// <summary><c>cert_file</c>.</summary>
    public string CertificateFile { get; init; } = "/etc/pki/libvirt/servercert.pem";

    /// <summary><c>ca_file</c>.</summary>
    public string AuthorityFile { get; init; } = "/etc/pki/CA/cacert.pem";

    /// <summary><c>crl_file</c>: certificates that are revoked, which are not looked at here: if it is set there is no TLS.</summary>
    public string RevocationFile { get; init; } = "";

    /// <summary><c>tls_no_sanity_certificate</c>: our own certificate is not tested when it is read.</summary>
    public bool IsOwnCertificateTrusted { get; init; }

    /// <summary><c>tls_no_verify_certificate</c>: any client's certificate, and none, will do.</summary>
    public bool IsAnyCertificateTaken { get; init; }

    /// <summary><c>tls_allowed_dn_list</c>: with what the names in certificates must match; null: any will do. Empty: none does.</summary>
    public ImmutableArray<string>? AllowedNames { get; init; }

    /// <summary><c>access_drivers</c>: what says who may call what, which is not here: with any but <c>none</c> the door stays shut.</summary>
    public ImmutableArray<string> AccessDrivers { get; init; } = [];

    /// <summary>This with the values of another one's keys that need no restart.</summary>
    internal LibvirtConfiguration WithLivePartOf(LibvirtConfiguration other) => this with
    {
        TransactionTimeout = other.TransactionTimeout,
        AuthenticationTimeout = other.AuthenticationTimeout,
        WorkersMin = other.WorkersMin,
        WorkersMax = other.WorkersMax,
        PriorityWorkers = other.PriorityWorkers,
        ClientsMax = other.ClientsMax,
        AnonymousClientsMax = other.AnonymousClientsMax,
        ClientRequestsMax = other.ClientRequestsMax,
        KeepAliveIntervalSeconds = other.KeepAliveIntervalSeconds,
        KeepAliveCount = other.KeepAliveCount,
        AdminWorkersMin = other.AdminWorkersMin,
        AdminWorkersMax = other.AdminWorkersMax,
        AdminClientsMax = other.AdminClientsMax,
        AdminClientRequestsMax = other.AdminClientRequestsMax,
        AdminKeepAliveIntervalSeconds = other.AdminKeepAliveIntervalSeconds,
        AdminKeepAliveCount = other.AdminKeepAliveCount,
    };
}
