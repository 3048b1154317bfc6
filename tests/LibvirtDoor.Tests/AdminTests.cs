using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;
using Spindle.Kernels;
using Spindle.LibvirtDoor.Admin;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Admin;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>What virt-admin asks.</summary>
public sealed class AdminTests : DoorTest, IAdminLogging
{
    private readonly LabelKernel labels;
    private readonly RpcServer server;
    private readonly TestPeer admin;

    public AdminTests()
        : this(new LabelKernel())
    {
    }

    private AdminTests(LabelKernel kernel)
        : base(kernel: kernel)
    {
        labels = kernel;
        server = Serve();
        Listen(server);
        RpcServer administration = new(Door, "admin", new RpcLimits { AnonymousClients = 0 });
        administration.Add(new AdminProgram(Door, 9_000_000, this));
        Listen(administration, "admin");
        admin = Connect("admin");
        Assert.True(Ask(AdminProcedure.ConnectOpen, new FlagsValue(0)).IsOk);
    }

    public string Outputs { get; private set; } = "3:stderr 1:file:/var/log/x";

    public string Filters { get; private set; } = "";

    public bool TrySetOutputs(string outputs, [NotNullWhen(false)] out string? complaint)
    {
        complaint = outputs.Contains("bad", StringComparison.Ordinal) ? "bad output" : null;
        Outputs = complaint is null ? outputs : Outputs;
        return complaint is null;
    }

    public bool TrySetFilters(string filters, [NotNullWhen(false)] out string? complaint)
    {
        complaint = null;
        Filters = filters;
        return true;
    }

    [Fact]
    public void A_connection_is_opened_first_and_once()
    {
        Ask(AdminProcedure.ConnectOpen, new FlagsValue(0)).AssertError(1, 7, "internal error: connection already open");
        TestPeer other = Connect("admin");
        Ask(other, AdminProcedure.ConnectGetLibVersion).AssertError(1, 7, "internal error: connection not open");
        Ask(other, AdminProcedure.ConnectLookupServer, new TextFlagsValue("admin", 0)).AssertError(1, 7, "internal error: connection not open");
        Ask(other, AdminProcedure.ConnectLookupServer).AssertError(39, 7, "Unable to decode message payload");
        Assert.True(Ask(other, AdminProcedure.ConnectClose).IsOk);
        other.AssertEnds();
        Ask(admin, (AdminProcedure)99).AssertError(39, 7, "unknown procedure: 99");
    }

    [Fact]
    public void A_daemon_that_has_work_without_clients_has_no_timeout()
    {
        Assert.True(Ask(AdminProcedure.ConnectSetDaemonTimeout, new AdminDaemonTimeoutArguments(0, 0)).IsOk);
        Ask(AdminProcedure.ConnectSetDaemonTimeout, new AdminDaemonTimeoutArguments(30, 0))
            .AssertError(84, 62, "Operation not supported: the daemon has work to do without clients, and does not end by itself");
        Ask(AdminProcedure.ConnectSetDaemonTimeout, new AdminDaemonTimeoutArguments(30, 1))
            .AssertError(8, 62, "unsupported flags (0x1) in function adminConnectSetDaemonTimeout");
    }

    [Fact]
    public void Version_and_servers_are_told()
    {
        Assert.Equal(9_000_000ul, Read<VersionValue>(Ask(admin, AdminProcedure.ConnectGetLibVersion)).Version);
        AdminServerListResult list = Read<AdminServerListResult>(Ask(AdminProcedure.ConnectListServers, new ListArguments(1, 0)));
        Assert.Equal(["virtinterfaced", "admin"], list.Names);
        Assert.Equal(2u, list.Count);
        Assert.Equal("admin", Read<TextValue>(Ask(AdminProcedure.ConnectLookupServer, new TextFlagsValue("admin", 0))).Text);
        Ask(AdminProcedure.ConnectLookupServer, new TextFlagsValue("nosuch", 0))
            .AssertError(95, 7, "Server not found: No server named 'nosuch'");
        Ask(AdminProcedure.ConnectLookupServer, new TextFlagsValue("admin", 1))
            .AssertError(8, 62, "unsupported flags (0x1) in function adminConnectLookupServer");
    }

    [Fact]
    public void Workers_are_told_in_libvirts_order_and_changed_by_its_rules()
    {
        Assert.Equal("minWorkers=5 maxWorkers=20 nWorkers=0 freeWorkers=0 prioWorkers=5 jobQueueDepth=0", Workers());
        TestPeer caller = Connect();
        caller.SendCall(TestProgram.Block);
        Until(() => Program.Blocked == 1);
        Assert.Equal("minWorkers=5 maxWorkers=20 nWorkers=5 freeWorkers=4 prioWorkers=5 jobQueueDepth=0", Workers());
        Set("virtinterfaced", ("minWorkers", 21)).AssertError(8, 0, "invalid argument: minWorkers cannot be larger than maxWorkers");
        Set("virtinterfaced", ("minWorkers", 0), ("maxWorkers", 0))
            .AssertError(8, 0, "invalid argument: maxWorkers must not be switched from zero to non-zero and vice versa");
        Set("virtinterfaced", ("nWorkers", 3)).AssertError(74, 0, "argument unsupported: parameter 'nWorkers' not supported");
        Set("virtinterfaced", ("maxWorkers", 30), ("maxWorkers", 31))
            .AssertError(8, 0, "invalid argument: parameter 'maxWorkers' occurs multiple times");
        Set("nosuch", ("maxWorkers", 30)).AssertError(95, 7, "Server not found: No server named 'nosuch'");
        Assert.True(Set("virtinterfaced", ("maxWorkers", 30), ("minWorkers", 7), ("prioWorkers", 2)).IsOk);
        Until(() => server.WorkerFigures.Free - server.WorkerFigures.FreePriority == 6 && server.WorkerFigures.PriorityWorkers == 2);
        Assert.Equal("minWorkers=7 maxWorkers=30 nWorkers=7 freeWorkers=6 prioWorkers=2 jobQueueDepth=0", Workers());
        Program.Gate.Set();
        Assert.True(caller.Receive().IsOk);
    }

    [Fact]
    public void A_parameter_has_the_right_type()
    {
        AdminSetParametersArguments arguments = new("virtinterfaced", [new TypedParameter("maxWorkers", 30)], 0);
        Ask(AdminProcedure.ServerSetThreadpoolParameters, arguments)
            .AssertError(8, 0, "invalid argument: invalid type 'int' for parameter 'maxWorkers', expected 'uint'");
    }

    [Fact]
    public void Clients_are_listed_described_and_disconnected()
    {
        TestPeer first = Join(server);
        TestPeer second = Join(server);
        AdminClientListResult list = Read<AdminClientListResult>(
            Ask(AdminProcedure.ServerListClients, new AdminListClientsArguments("virtinterfaced", true, 0)));
        Assert.Equal([1ul, 2ul], list.Clients.Select(static client => client.Id));
        Assert.All(list.Clients, static client => Assert.Equal(("virtinterfaced", AdminTransport.Unix), (client.Server, client.Transport)));
        AdminClient found = Read<AdminClient>(
            Ask(AdminProcedure.ServerLookupClient, new AdminLookupClientArguments("virtinterfaced", 2, 0)));
        Assert.Equal(list.Clients[1], found);
        Ask(AdminProcedure.ServerLookupClient, new AdminLookupClientArguments("virtinterfaced", 99999, 0))
            .AssertError(96, 7, "Client not found: No client with matching ID '99999'");
        TypedParameter[] told = Read<AdminParametersResult>(
            Ask(AdminProcedure.ClientGetInfo, new AdminClientFlagsArguments(found, 0))).Parameters;
        Assert.Equal(
            ["readonly", "unix_user_id", "unix_user_name", "unix_group_id", "unix_group_name", "unix_process_id"],
            told.Select(static parameter => parameter.Field));
        Assert.Equal(false, told[0].Boolean);
        Assert.Equal(Environment.ProcessId, told[5].Int32);
        Assert.Equal(Environment.UserName, told[2].Text);
        labels.Label = "system_u:system_r:virtd_t:s0\0";
        TypedParameter context = Read<AdminParametersResult>(
            Ask(AdminProcedure.ClientGetInfo, new AdminClientFlagsArguments(found, 0))).Parameters[6];
        Assert.Equal(("selinux_context", "system_u:system_r:virtd_t:s0"), (context.Field, context.Text));
        Assert.True(Ask(AdminProcedure.ClientClose, new AdminClientFlagsArguments(found, 0)).IsOk);
        second.AssertEnds();
        Assert.True(first.Call(TestProgram.Void).IsOk);
        Ask(AdminProcedure.ClientClose, new AdminClientFlagsArguments(found, 0))
            .AssertError(96, 7, "Client not found: No client with matching ID '2'");
    }

    [Fact]
    public void Limits_are_told_and_changed()
    {
        Join(server);
        Assert.Equal("nclients_max=5000 nclients=1 nclients_unauth_max=20 nclients_unauth=0", Limits());
        Ask(AdminProcedure.ServerSetClientLimits, new AdminSetParametersArguments("virtinterfaced", [new TypedParameter("nclients_max", 19u)], 0))
            .AssertError(8, 0, "invalid argument: The overall maximum number of clients must be greater than the maximum number "
                + "of clients waiting for authentication");
        Assert.True(Ask(AdminProcedure.ServerSetClientLimits, new AdminSetParametersArguments(
            "virtinterfaced", [new TypedParameter("nclients_max", 1u), new TypedParameter("nclients_unauth_max", 1u)], 0)).IsOk);
        Assert.Equal("nclients_max=1 nclients=1 nclients_unauth_max=1 nclients_unauth=0", Limits());
        Assert.All(server.Services, static service => Assert.False(service.IsAccepting));
    }

    [Fact]
    public void The_log_is_told_and_changed()
    {
        AdminLoggingOutputsResult outputs = Read<AdminLoggingOutputsResult>(Ask(AdminProcedure.ConnectGetLoggingOutputs, new FlagsValue(0)));
        Assert.Equal(("3:stderr 1:file:/var/log/x", 2u), (outputs.Outputs, outputs.Count));
        AdminLoggingFiltersResult filters = Read<AdminLoggingFiltersResult>(Ask(AdminProcedure.ConnectGetLoggingFilters, new FlagsValue(0)));
        Assert.Equal((null, 0u), (filters.Filters, filters.Count));
        Assert.True(Ask(AdminProcedure.ConnectSetLoggingFilters, new OptionalTextFlagsValue("1:rpc", 0)).IsOk);
        Assert.True(Ask(AdminProcedure.ConnectSetLoggingOutputs, new OptionalTextFlagsValue(null, 0)).IsOk);
        Assert.Equal(("", "1:rpc"), (Outputs, Filters));
        Ask(AdminProcedure.ConnectSetLoggingOutputs, new OptionalTextFlagsValue("bad", 0)).AssertError(8, 0, "invalid argument: bad output");
    }

    [Fact]
    public void Without_tls_there_is_nothing_to_read_again()
    {
        Ask(AdminProcedure.ServerUpdateTlsFiles, new TextFlagsValue("virtinterfaced", 0))
            .AssertError(1, 7, "internal error: no tls service found, unable to update tls files");
    }

    private string Workers() => Text(Ask(AdminProcedure.ServerGetThreadpoolParameters, new TextFlagsValue("virtinterfaced", 0)));

    private string Limits() => Text(Ask(AdminProcedure.ServerGetClientLimits, new TextFlagsValue("virtinterfaced", 0)));

    private static string Text(RpcAnswer answer) => string.Join(
        ' ', Read<AdminParametersResult>(answer).Parameters.Select(static parameter => $"{parameter.Field}={parameter.UInt32}"));

    private RpcAnswer Set(string name, params (string Field, uint Value)[] values) => Ask(
        AdminProcedure.ServerSetThreadpoolParameters,
        new AdminSetParametersArguments(name, [.. values.Select(static value => new TypedParameter(value.Field, value.Value))], 0));

    private RpcAnswer Ask<T>(AdminProcedure procedure, T arguments)
        where T : struct, IXdrValue<T> => Ask(admin, procedure, arguments);

    private static RpcAnswer Ask<T>(TestPeer peer, AdminProcedure procedure, T arguments)
        where T : struct, IXdrValue<T>
    {
        peer.Send(TestPeer.Message(RpcHeader.Call(RpcPrograms.Admin, (int)procedure, 1), arguments.Write));
        return peer.Receive();
    }

    private static RpcAnswer Ask(TestPeer peer, AdminProcedure procedure)
    {
        peer.Send(TestPeer.Message(RpcHeader.Call(RpcPrograms.Admin, (int)procedure, 1)));
        return peer.Receive();
    }

    private static T Read<T>(RpcAnswer answer)
        where T : struct, IXdrValue<T>
    {
        Assert.True(answer.IsOk, answer.Error?.Message);
        XdrReader reader = new(answer.Payload);
        Assert.True(T.TryRead(ref reader, out T value));
        Assert.Equal(0, reader.Remaining);
        return value;
    }

    private readonly record struct ListArguments(uint NeedResults, uint Flags) : IXdrValue<ListArguments>
    {
        public static bool TryRead(ref XdrReader reader, out ListArguments value)
        {
            value = default;
            return false;
        }

        public void Write(XdrWriter writer)
        {
            writer.WriteUInt32(NeedResults);
            writer.WriteUInt32(Flags);
        }
    }

    /// <summary>A machine with SELinux, once there is a label; without, whatever the one below us has.</summary>
    private sealed class LabelKernel : LinuxKernel
    {
        private const int PeerLabel = 31; // SO_PEERSEC

        public string? Label { get; set; }

        public override Result Status(string path, out FileStatus status, bool followLinks = true)
        {
            if (path != "/sys/fs/selinux/enforce")
            {
                return base.Status(path, out status, followLinks);
            }

            status = default;
            return Label is null ? Result.Fail(Errno.ENOENT) : Result.Ok();
        }

        public override Result GetSocketOption(int fd, int level, int option, Span<byte> value) =>
            option == PeerLabel ? Result.Ok(Encoding.UTF8.GetBytes(Label!, value)) : base.GetSocketOption(fd, level, option, value);
    }
}
