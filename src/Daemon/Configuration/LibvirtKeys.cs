using System;
using System.Collections.Immutable;
using System.Globalization;
using Spindle.Basics;
using Spindle.Protocols.KeyFile;
using static Spindle.Daemon.Configuration.MainKeyEffect;

namespace Spindle.Daemon.Configuration;

/// <summary>All keys of main.conf's group <c>[Libvirt]</c>: ours first, then libvirtd.conf's.</summary>
internal static class LibvirtKeys
{
    public const string Group = "Libvirt";

    private static readonly (string, LibvirtAuthentication)[] Authentications =
        [("none", LibvirtAuthentication.None), ("sasl", LibvirtAuthentication.Sasl), ("polkit", LibvirtAuthentication.PolicyKit)];

    public static MainKey[] All { get; } =
    [
        Flag("enabled", c => c.IsEnabled, (c, v) => c with { IsEnabled = v }),
        Number("transaction_timeout", Live, 0, 86400, c => (int)c.TransactionTimeout.TotalSeconds,
            (c, v) => c with { TransactionTimeout = TimeSpan.FromSeconds(v) }),
        Number("auth_timeout", Live, 1, 86400, c => (int)c.AuthenticationTimeout.TotalSeconds,
            (c, v) => c with { AuthenticationTimeout = TimeSpan.FromSeconds(v) }),
        Number("min_workers", Live, 0, 4096, c => c.WorkersMin, (c, v) => c with { WorkersMin = v }),
        Number("max_workers", Live, 1, 4096, c => c.WorkersMax, (c, v) => c with { WorkersMax = v }),
        Number("prio_workers", Live, 0, 4096, c => c.PriorityWorkers, (c, v) => c with { PriorityWorkers = v }),
        Number("max_clients", Live, 1, 65536, c => c.ClientsMax, (c, v) => c with { ClientsMax = v }),
        Number("max_anonymous_clients", Live, 0, 65536, c => c.AnonymousClientsMax, (c, v) => c with { AnonymousClientsMax = v }),
        Number("max_queued_clients", Restart, 1, 65536, c => c.QueuedClientsMax, (c, v) => c with { QueuedClientsMax = v }),
        Number("max_client_requests", Live, 1, 65536, c => c.ClientRequestsMax, (c, v) => c with { ClientRequestsMax = v }),
        Number("keepalive_interval", Live, -1, 86400,
            c => c.KeepAliveIntervalSeconds, (c, v) => c with { KeepAliveIntervalSeconds = v }),
        Number("keepalive_count", Live, 0, 1000, c => c.KeepAliveCount, (c, v) => c with { KeepAliveCount = v }),
        Number("admin_min_workers", Live, 0, 4096, c => c.AdminWorkersMin, (c, v) => c with { AdminWorkersMin = v }),
        Number("admin_max_workers", Live, 1, 4096, c => c.AdminWorkersMax, (c, v) => c with { AdminWorkersMax = v }),
        Number("admin_max_clients", Live, 1, 65536, c => c.AdminClientsMax, (c, v) => c with { AdminClientsMax = v }),
        Number("admin_max_queued_clients", Restart, 1, 65536,
            c => c.AdminQueuedClientsMax, (c, v) => c with { AdminQueuedClientsMax = v }),
        Number("admin_max_client_requests", Live, 1, 65536,
            c => c.AdminClientRequestsMax, (c, v) => c with { AdminClientRequestsMax = v }),
        Number("admin_keepalive_interval", Live, -1, 86400,
            c => c.AdminKeepAliveIntervalSeconds, (c, v) => c with { AdminKeepAliveIntervalSeconds = v }),
        Number("admin_keepalive_count", Live, 0, 1000,
            c => c.AdminKeepAliveCount, (c, v) => c with { AdminKeepAliveCount = v }),
        Path("unix_sock_dir", c => c.SocketDirectory, (c, v) => c with { SocketDirectory = v }),
        Text("unix_sock_group", 64, c => c.SocketGroup, (c, v) => c with { SocketGroup = v }),
        Mode("unix_sock_ro_perms", c => c.ReadOnlySocketMode, (c, v) => c with { ReadOnlySocketMode = v }),
        Mode("unix_sock_rw_perms", c => c.SocketMode, (c, v) => c with { SocketMode = v }),
        Mode("unix_sock_admin_perms", c => c.AdminSocketMode, (c, v) => c with { AdminSocketMode = v }),
        Authentication("auth_unix_ro", true, c => c.ReadOnlyAuthentication, (c, v) => c with { ReadOnlyAuthentication = v }),
        Authentication("auth_unix_rw", true, c => c.Authentication, (c, v) => c with { Authentication = v }),
        Flag("listen_tls", c => c.IsTlsWanted, (c, v) => c with { IsTlsWanted = v }),
        Flag("listen_tcp", c => c.IsTcpWanted, (c, v) => c with { IsTcpWanted = v }),
        Number("tls_port", Restart, 1, 65535, c => c.TlsPort, (c, v) => c with { TlsPort = v }),
        Number("tcp_port", Restart, 1, 65535, c => c.TcpPort, (c, v) => c with { TcpPort = v }),
        new("listen_addr", Restart)
        {
            Read = static (entry, c) => ReadAddress(entry, c),
            Show = static c => Of(c).ListenAddress,
        },
        Authentication("auth_tcp", false, c => c.TcpAuthentication, (c, v) => c with { TcpAuthentication = v }),
        Authentication("auth_tls", false, c => c.TlsAuthentication, (c, v) => c with { TlsAuthentication = v }),
        Path("key_file", c => c.KeyFile, (c, v) => c with { KeyFile = v }),
        Path("cert_file", c => c.CertificateFile, (c, v) => c with { CertificateFile = v }),
        Path("ca_file", c => c.AuthorityFile, (c, v) => c with { AuthorityFile = v }),
        Text("crl_file", 4096, c => c.RevocationFile, (c, v) => c with { RevocationFile = v }),
        Flag("tls_no_sanity_certificate", c => c.IsOwnCertificateTrusted, (c, v) => c with { IsOwnCertificateTrusted = v }),
        Flag("tls_no_verify_certificate", c => c.IsAnyCertificateTaken, (c, v) => c with { IsAnyCertificateTaken = v }),
        Value<ImmutableArray<string>>(
            "tls_allowed_dn_list", LibvirtValue.List, static (c, v) => c with { AllowedNames = v }, ShowNames),
        Value<ImmutableArray<string>>(
            "access_drivers", LibvirtValue.List, static (c, v) => c with { AccessDrivers = v }, c => Show(c.AccessDrivers)),
    ];

    public static MainKey? Find(string name) => Array.Find(All, key => key.Name == name);

    /// <summary>What depends on more than one key; answers what is wrong, and puts the defaults in its place.</summary>
    public static LibvirtConfiguration Settle(LibvirtConfiguration read, Action<string, string> refuse)
    {
        LibvirtConfiguration defaults = new();
        if (read.WorkersMin > read.WorkersMax)
        {
            refuse("min_workers", "'min_workers' is above 'max_workers': both refused, the defaults stay");
            read = read with { WorkersMin = defaults.WorkersMin, WorkersMax = defaults.WorkersMax };
        }

        if (read.AdminWorkersMin > read.AdminWorkersMax)
        {
            refuse("admin_min_workers", "'admin_min_workers' is above 'admin_max_workers': both refused, the defaults stay");
            read = read with { AdminWorkersMin = defaults.AdminWorkersMin, AdminWorkersMax = defaults.AdminWorkersMax };
        }

        if (read.AnonymousClientsMax > read.ClientsMax)
        {
            refuse("max_anonymous_clients", "'max_anonymous_clients' is above 'max_clients': both refused, the defaults stay");
            read = read with { AnonymousClientsMax = defaults.AnonymousClientsMax, ClientsMax = defaults.ClientsMax };
        }

        return read;
    }

    private static LibvirtConfiguration Of(MainConfiguration configuration) => configuration.Libvirt ?? new();

    private static MainConfiguration With(MainConfiguration configuration, LibvirtConfiguration libvirt) =>
        configuration with { Libvirt = libvirt };

    private static MainKey Flag(
        string name, Func<LibvirtConfiguration, bool> get, Func<LibvirtConfiguration, bool, LibvirtConfiguration> set) =>
        Value<bool>(name, LibvirtValue.Boolean, set, c => get(c) ? "true" : "false");

    private static MainKey Number(
        string name,
        MainKeyEffect effect,
        int min,
        int max,
        Func<LibvirtConfiguration, int> get,
        Func<LibvirtConfiguration, int, LibvirtConfiguration> set) =>
        Value<int>(
            name,
            (KeyFileEntry entry, out int value) => LibvirtValue.Number(entry, min, max, out value),
            set,
            c => get(c).ToString(CultureInfo.InvariantCulture),
            effect);

    private static MainKey Text(
        string name, int max, Func<LibvirtConfiguration, string> get, Func<LibvirtConfiguration, string, LibvirtConfiguration> set) =>
        Value<string>(name, (KeyFileEntry entry, out string value) => LibvirtValue.Text(entry, max, out value), set, get);

    private static MainKey Path(
        string name, Func<LibvirtConfiguration, string> get, Func<LibvirtConfiguration, string, LibvirtConfiguration> set) =>
        Value<string>(name, LibvirtValue.Path, set, get);

    private static MainKey Mode(
        string name, Func<LibvirtConfiguration, int?> get, Func<LibvirtConfiguration, int, LibvirtConfiguration> set) =>
        Value<int>(name, LibvirtValue.Mode, set, c => get(c) is { } mode ? Convert.ToString(mode, 8).PadLeft(4, '0') : "(unset)");

    /// <summary>Reads a value, or says what is wrong with it.</summary>
    private delegate string? Reader<T>(KeyFileEntry entry, out T value);

    private static MainKey Value<T>(
        string name,
        Reader<T> read,
        Func<LibvirtConfiguration, T, LibvirtConfiguration> set,
        Func<LibvirtConfiguration, string> show,
        MainKeyEffect effect = Restart) =>
        new(name, effect)
        {
            Read = (entry, c) => MainKey.Reading(c, read(entry, out T value), () => With(c, set(Of(c), value))),
            Show = c => show(Of(c)),
        };

    private static MainKey Authentication(
        string name,
        bool isUnix,
        Func<LibvirtConfiguration, LibvirtAuthentication> get,
        Func<LibvirtConfiguration, LibvirtAuthentication, LibvirtConfiguration> set) =>
        new(name, Restart)
        {
            Read = (entry, c) => ReadAuthentication(entry, c, isUnix, set),
            Show = c => Array.Find(Authentications, word => word.Item2 == get(Of(c))).Item1,
        };

    private static MainReading ReadAuthentication(
        KeyFileEntry entry,
        MainConfiguration before,
        bool isUnix,
        Func<LibvirtConfiguration, LibvirtAuthentication, LibvirtConfiguration> set)
    {
        string? reason = LibvirtValue.Word(entry, Authentications, out LibvirtAuthentication value);
        reason ??= value == LibvirtAuthentication.PolicyKit && !isUnix
            ? $"'{entry.Key}' is 'polkit', which is for unix sockets alone" : null;
        return reason is not null ? new(before, reason)
            : new(With(before, set(Of(before), value)), null,
                value == LibvirtAuthentication.Sasl ? $"'{entry.Key}' is 'sasl', which is not here: nobody gets in that way" : null);
    }

    private static string ShowNames(LibvirtConfiguration configuration) =>
        configuration.AllowedNames is { } names ? Show(names) : "(unset)";

    private static string Show(ImmutableArray<string> names) => string.Join(" ", names.Map(static name => $"\"{name}\""));

    private static MainReading ReadAddress(KeyFileEntry entry, MainConfiguration before)
    {
        string? reason = LibvirtValue.Text(entry, 64, out string text);
        reason ??= text.Length == 0 || IpAddress.TryParse(text, out _) ? null : $"'{entry.Key}' is '{text}', which is no address";
        return MainKey.Reading(before, reason, () => With(before, Of(before) with { ListenAddress = text }));
    }
}
