using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.LibvirtRpc.Admin;

namespace Spindle.LibvirtDoor.Admin;

/// <summary>What is asked of a server's clients, and their disconnection.</summary>
internal sealed class ClientAdministration(RpcDoor door, ServerAdministration servers)
{
    private readonly UserNames names = new(door.Kernel);

    public void List(RpcCall call, string serverName, bool needResults)
    {
        if (!servers.TryFind(call, serverName, out RpcServer? server))
        {
            return;
        }

        List<RpcClient> found = [.. server.Clients];
        found.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        int count = Math.Min(found.Count, RpcFrame.ListMaximum);
        AdminClient[] told = needResults ? [.. found.GetRange(0, count).ConvertAll(Describe)] : [];
        call.Reply(new AdminClientListResult(told, (uint)count));
    }

    public void LookUp(RpcCall call, string serverName, ulong id)
    {
        if (TryFind(call, serverName, id, out RpcClient? client))
        {
            call.Reply(Describe(client));
        }
    }

    public void Disconnect(RpcCall call, AdminClient asked)
    {
        if (!TryFind(call, asked.Server, asked.Id, out RpcClient? client))
        {
            return;
        }

        if (client == call.Client)
        {
            call.CompleteAndClose();
            return;
        }

        client.Close();
        call.Complete();
    }

    /// <summary>In libvirt's order.</summary>
    public void Tell(RpcCall call, AdminClient asked)
    {
        if (!TryFind(call, asked.Server, asked.Id, out RpcClient? client))
        {
            return;
        }

        List<TypedParameter> told = [new("readonly", client.IsReadOnly)];
        if (client.Address is { } address)
        {
            told.Add(new("sock_addr", address));
        }

        if (client.CertificateName is { } name)
        {
            told.Add(new("tls_x509_dname", name));
        }

        if (client.Identity is { } identity)
        {
            told.Add(new("unix_user_id", (int)identity.UserId));
            told.Add(new("unix_user_name", names.FindUser(identity.UserId) ?? Number(identity.UserId)));
            told.Add(new("unix_group_id", (int)identity.GroupId));
            told.Add(new("unix_group_name", names.FindGroup(identity.GroupId) ?? Number(identity.GroupId)));
            told.Add(new("unix_process_id", identity.ProcessId));
        }

        if (client.ReadSecurityContext() is { } context)
        {
            told.Add(new("selinux_context", context));
        }

        call.Reply(new AdminParametersResult([.. told]));
    }

    private static AdminClient Describe(RpcClient client) =>
        new(client.Server.Name, client.Id, client.ConnectedAtSeconds, (AdminTransport)client.Service.Transport);

    private static string Number(uint id) => id.ToString(CultureInfo.InvariantCulture);

    private bool TryFind(RpcCall call, string serverName, ulong id, [NotNullWhen(true)] out RpcClient? client)
    {
        client = null;
        if (!servers.TryFind(call, serverName, out RpcServer? server))
        {
            return false;
        }

        bool isFound = server.TryFindClient(id, out client);
        if (!isFound)
        {
            call.Fail(RpcError.ClientNotFound(id));
        }

        return isFound;
    }
}
