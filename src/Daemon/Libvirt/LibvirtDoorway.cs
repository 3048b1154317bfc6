using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Daemon.Configuration;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Provisioning;
using Spindle.Daemon.Storage;
using Spindle.DBus;
using Spindle.Drivers.Netlink;
using Spindle.Kernels;
using Spindle.LibvirtDoor;
using Spindle.LibvirtDoor.Admin;
using Spindle.LibvirtDoor.Tls;
using Spindle.Loop;
using Spindle.Loop.Workers;
using Spindle.Model;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Libvirt;

/// <summary>What of the daemon the doorway is made of.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Log">The log.</param>
/// <param name="Bus">The daemon's place on the bus: for PolicyKit.</param>
/// <param name="Netlink">The kernel's links.</param>
/// <param name="Model">The services.</param>
/// <param name="FactsOf">A link in the model's words.</param>
/// <param name="Provisioning">The provisioning files.</param>
/// <param name="StorageDirectory">Where they are.</param>
/// <param name="Submit">Tells the model what users ask for.</param>
internal sealed record DoorwayParts(
    EventLoop Loop,
    Log Log,
    BusConnection Bus,
    NetlinkDriver Netlink,
    NetworkModel Model,
    Func<int, LinkFacts?> FactsOf,
    ProvisioningDirectory Provisioning,
    string StorageDirectory,
    Action<ModelInput> Submit);

/// <summary>The libvirt door as main.conf wants it: the servers "virtinterfaced" and "admin", and what they answer from.</summary>
/// <remarks>There is one only if <c>enabled</c> is set; then it has sockets, and threads from the first call that needs one.</remarks>
internal sealed class LibvirtDoorway
{
    private const string MonitorAction = "org.libvirt.unix.monitor";
    private const string ManageAction = "org.libvirt.unix.manage";
    private const int DescriptorsUsual = 1024;
    private const uint DirectoryMode = 0x1ED; // 0755

    private readonly DoorwayParts parts;
    private readonly RpcDoor door;
    private readonly RpcServer server;
    private readonly RpcServer admin;
    private readonly HostObserver observer;
    private readonly InterfaceSwitch switches;
    private readonly InterfaceChanges changes;
    private readonly NodeDeviceEvents events;
    private readonly PolicyKitAuthority authority;
    private readonly RefusalLog refusals;
    private readonly Dictionary<RpcClient, PolicyKitAuthority.Question> questions = [];
    private readonly int descriptors;
    private LibvirtConfiguration configuration;

    /// <summary>Puts the parts together; nothing can be reached before <see cref="Open"/>.</summary>
    public LibvirtDoorway(DoorwayParts parts, LibvirtConfiguration configuration)
    {
        this.parts = parts;
        this.configuration = configuration;
        Kernel kernel = parts.Loop.Kernel;
        HostSources sources = new(parts.Netlink.Mirror, parts.Model, parts.FactsOf, () => parts.Provisioning.Services);
        observer = new HostObserver(sources);
        switches = new InterfaceSwitch(parts.Loop, parts.Model, parts.Netlink, parts.FactsOf, parts.Submit);
        changes = new InterfaceChanges(
            parts.Loop,
            parts.StorageDirectory,
            parts.Provisioning,
            observer,
            switches,
            parts.FactsOf,
            () => this.configuration.TransactionTimeout,
            parts.Log);
        events = new NodeDeviceEvents(parts.Netlink.Mirror);
        authority = new PolicyKitAuthority(parts.Bus, kernel);
        door = new RpcDoor(parts.Loop);
        Result raised = kernel.RaiseDescriptorLimit();
        descriptors = raised.IsOk ? raised.Int : DescriptorsUsual;
        refusals = new RefusalLog(parts.Loop, parts.Log);
        door.ClientRefused += refusals.Tell;
        door.HandlerFailed += (call, thrown) => parts.Log.Error($"libvirt: {call.Procedure} threw: {thrown}");
        server = new RpcServer(
            door, "virtinterfaced", LibvirtLimits.OfServer(configuration, descriptors), LibvirtLimits.WorkersOfServer(configuration), Authorize);
        admin = new RpcServer(door, "admin", LibvirtLimits.OfAdmin(configuration, descriptors), LibvirtLimits.WorkersOfAdmin(configuration));
        server.ClientJoined += static client => client.State = new RemoteConnection();
        server.ClientLeft += Left;
        server.Add(MakeProgram(kernel));
        admin.Add(new AdminProgram(door, ConnectProcedures.LibraryVersion, new AdminLogging(parts.Log)));
    }

    /// <summary>Pictures of the host that were made; for whoever wants to see that none is made for nothing.</summary>
    internal HostObserver Observer => observer;

    /// <summary>The servers.</summary>
    internal RpcDoor Door => door;

    /// <summary>Switchings under way.</summary>
    internal InterfaceSwitch Switches => switches;

    /// <summary>Questions to PolicyKit without an answer.</summary>
    internal PolicyKitAuthority Authority => authority;

    /// <summary>Opens the sockets; what cannot be opened is said, and the daemon goes on without it.</summary>
    public void Open()
    {
        Kernel kernel = parts.Loop.Kernel;
        LibvirtConfiguration wanted = configuration;
        if (Array.Find([.. wanted.AccessDrivers], static driver => driver != "none") is { } driver)
        {
            parts.Log.Error($"libvirt: the door stays shut: 'access_drivers' has '{driver}', and nobody would be held to it here");
            return;
        }

        Result made = AtomicFile.MakeDirectory(kernel, wanted.SocketDirectory, DirectoryMode, isExact: true);
        if (!made.IsOk)
        {
            parts.Log.Error($"libvirt: {wanted.SocketDirectory} cannot be made: {made.Error}");
        }

        uint? group = GroupOf(wanted.SocketGroup);
        int mode = wanted.SocketMode ?? (wanted.Authentication == LibvirtAuthentication.PolicyKit ? 0x1FF : 0x1C0);
        Listen(server, new UnixListenerOptions($"{wanted.SocketDirectory}/virtinterfaced-sock")
        {
            Mode = (uint)mode,
            GroupId = group,
            Authentication = MethodOf(wanted.Authentication),
        });
        Listen(server, new UnixListenerOptions($"{wanted.SocketDirectory}/virtinterfaced-sock-ro")
        {
            Mode = (uint)wanted.ReadOnlySocketMode,
            GroupId = group,
            IsReadOnly = true,
            Authentication = MethodOf(wanted.ReadOnlyAuthentication),
        });
        Listen(admin, new UnixListenerOptions($"{wanted.SocketDirectory}/virtinterfaced-admin-sock")
        {
            Mode = (uint)wanted.AdminSocketMode,
            GroupId = group,
        });
        ListenOnNetwork(wanted);
    }

    /// <summary>The kernel's links, addresses or routes changed.</summary>
    public void Take(in RtnetlinkOutput change)
    {
        observer.Touch();
        events.Take(change);
        if (switches.RunningCount > 0)
        {
            switches.Look();
        }
    }

    /// <summary>The model or the provisioning files changed.</summary>
    public void Changed()
    {
        observer.Touch();
        if (switches.RunningCount > 0)
        {
            switches.Look();
        }
    }

    /// <summary>True if the output answers a ticket of ours.</summary>
    public bool TryAnswer(ModelOutput output) => switches.TryAnswer(output);

    /// <summary>main.conf was read again: limits that changed hold at once, over what virt-admin set.</summary>
    public void Reconfigure(LibvirtConfiguration now)
    {
        LibvirtConfiguration before = configuration;
        configuration = now;
        if (LibvirtLimits.OfServer(before, descriptors) != LibvirtLimits.OfServer(now, descriptors))
        {
            server.Limits = LibvirtLimits.OfServer(now, descriptors);
        }

        if (LibvirtLimits.WorkersOfServer(before) != LibvirtLimits.WorkersOfServer(now))
        {
            server.WorkerLimits = LibvirtLimits.WorkersOfServer(now);
        }

        if (LibvirtLimits.OfAdmin(before, descriptors) != LibvirtLimits.OfAdmin(now, descriptors))
        {
            admin.Limits = LibvirtLimits.OfAdmin(now, descriptors);
        }

        if (LibvirtLimits.WorkersOfAdmin(before) != LibvirtLimits.WorkersOfAdmin(now))
        {
            admin.WorkerLimits = LibvirtLimits.WorkersOfAdmin(now);
        }

        if (before.TransactionTimeout != now.TransactionTimeout)
        {
            changes.Rearm();
        }
    }

    /// <summary>Closes the sockets and disconnects all clients.</summary>
    /// <param name="deadline">How long calls that run are waited for.</param>
    /// <param name="stopped">Called on the loop, in a later turn.</param>
    public void Stop(TimeSpan deadline, Action<bool> stopped)
    {
        door.Stop(deadline, stopped);
        refusals.Close();
    }

    private static RpcAuthentication MethodOf(LibvirtAuthentication wanted) => wanted switch
    {
        LibvirtAuthentication.None => RpcAuthentication.None,
        LibvirtAuthentication.Sasl => RpcAuthentication.Sasl,
        LibvirtAuthentication.PolicyKit => RpcAuthentication.PolicyKit,
    };

    private RemoteProgram MakeProgram(Kernel kernel)
    {
        RemoteProgram program = new(observer);
        new ConnectProcedures(kernel).AddTo(program);
        new InterfaceProcedures(observer, kernel).AddTo(program);
        new InterfaceChangeProcedures(observer, switches, changes).AddTo(program);
        new NodeDeviceProcedures(observer, events, kernel).AddTo(program);
        return program;
    }

    private uint? GroupOf(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        if (new UserNames(parts.Loop.Kernel).TryFindGroup(name, out uint group))
        {
            return group;
        }

        parts.Log.Error($"libvirt: there is no group '{name}': the sockets stay the daemon's");
        return null;
    }

    private void Listen(RpcServer listening, RpcListenerOptions options)
    {
        string name = options switch
        {
            UnixListenerOptions unix => unix.Path,
            TcpListenerOptions tcp => $"{tcp.Address} port {tcp.Port}",
            _ => "",
        };
        Result result = listening.Listen(options, out _);
        if (result.IsOk)
        {
            parts.Log.Information($"libvirt: {listening.Name} listens at {name}");
        }
        else
        {
            parts.Log.Error($"libvirt: {listening.Name} cannot listen at {name}: {result.Error}");
        }
    }

    private void ListenOnNetwork(LibvirtConfiguration wanted)
    {
        IpAddress address = wanted.ListenAddress.Length == 0 ? IpAddress.AnyV6 : IpAddress.Parse(wanted.ListenAddress);
        if (wanted.IsTcpWanted)
        {
            Listen(server, new TcpListenerOptions(address, (ushort)wanted.TcpPort)
            {
                Authentication = MethodOf(wanted.TcpAuthentication),
            });
        }

        if (wanted.IsTlsWanted && wanted.RevocationFile.Length > 0)
        {
            parts.Log.Error($"libvirt: there is no TLS: 'crl_file' is set, and who is revoked by it would be let in here");
        }
        else if (wanted.IsTlsWanted && LibvirtFeatures.HasTls)
        {
            ListenByTls(wanted, address);
        }
        else if (wanted.IsTlsWanted)
        {
            parts.Log.Error($"libvirt: no TLS here; at a start spindled becomes spindled{TlsBuild.Suffix} for it, which is to lie beside it");
        }
    }

    private void ListenByTls(LibvirtConfiguration wanted, IpAddress address)
    {
        bool isLoaded = TlsCertificates.TryLoad(
            parts.Loop.Kernel,
            wanted.CertificateFile,
            wanted.KeyFile,
            wanted.AuthorityFile,
            verifiesClients: !wanted.IsAnyCertificateTaken,
            testsOwn: !wanted.IsOwnCertificateTrusted,
            out TlsCertificates? certificates,
            out string? complaint);
        if (isLoaded)
        {
            Listen(server, new TlsListenerOptions(address, (ushort)wanted.TlsPort, certificates!)
            {
                Authentication = MethodOf(wanted.TlsAuthentication),
                AllowedNames = wanted.AllowedNames,
            });
        }
        else
        {
            parts.Log.Error($"libvirt: there is no TLS: {complaint}");
        }
    }

    /// <summary>PolicyKit is asked about who comes in by a unix socket; nobody else can be asked about.</summary>
    private void Authorize(RpcClient client, Action<RpcError?> answer)
    {
        // As the listener was opened: what main.conf says meanwhile holds from the next start on.
        RpcService service = client.Service;
        bool isAsked = service.Transport == RpcTransport.Unix && service.Options.Authentication == RpcAuthentication.PolicyKit;
        string? refusal = null;
        PolicyKitAuthority.Question? question = isAsked && client.Identity is { } who
            ? authority.Ask(who.ProcessId, who.UserId, client.IsReadOnly ? MonitorAction : ManageAction, error =>
            {
                questions.Remove(client);
                Answer(client, error, error?.Message, answer);
            }, out refusal)
            : null;
        if (question is null)
        {
            Answer(client, RpcError.AuthenticationFailed, refusal ?? "nobody can be asked about it", answer);
        }
        else
        {
            questions.Add(client, question);
        }
    }

    /// <summary>The reason is for the log.</summary>
    private void Answer(RpcClient client, RpcError? error, string? reason, Action<RpcError?> answer)
    {
        if (reason is not null)
        {
            refusals.Tell(client, reason);
        }

        answer(error);
    }

    private void Left(RpcClient client)
    {
        if (questions.Remove(client, out PolicyKitAuthority.Question? question))
        {
            question.Drop();
        }

        if (client.State is RemoteConnection connection)
        {
            events.Leave(connection);
            connection.Drop();
        }
    }
}
