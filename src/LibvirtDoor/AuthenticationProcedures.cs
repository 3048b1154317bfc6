using System.Diagnostics.CodeAnalysis;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>The procedures by which a client says who it is. SASL is not here: where it is asked for it is named, so that a
/// client says what is missing, and it fails as with a libvirtd that has none.</summary>
internal sealed class AuthenticationProcedures
{
    private const int TypeNone = 0;
    private const int TypeSasl = 1;
    private const int TypePolicyKit = 2;

    private readonly RpcAuthorizer? authorizer;
    private readonly RpcProcedure list;
    private readonly RpcProcedure policyKit;
    private readonly RpcProcedure sasl;

    public AuthenticationProcedures(RpcAuthorizer? authorizer)
    {
        this.authorizer = authorizer;
        list = Procedure("AuthList", List);
        policyKit = Procedure("AuthPolkit", AskPolicyKit);
        sasl = Procedure("AuthSasl", RefuseSasl);
    }

    public bool TryFind(int number, [NotNullWhen(true)] out RpcProcedure? procedure)
    {
        procedure = (RemoteProcedure)number switch
        {
            RemoteProcedure.AuthList => list,
            RemoteProcedure.AuthPolkit => policyKit,
            RemoteProcedure.AuthSaslInit or RemoteProcedure.AuthSaslStart or RemoteProcedure.AuthSaslStep => sasl,
            _ => null,
        };
        return procedure is not null;
    }

    private static RpcProcedure Procedure(string name, RpcHandler handler) =>
        new(name, handler) { IsHighPriority = true, IsInline = true, NeedsAuthentication = false };

    private static void List(RpcCall call)
    {
        call.Result.WriteCount(1);
        call.Result.WriteInt32(call.Client.IsAuthenticated ? TypeNone : TypeOf(call.Client.Service.Options.Authentication));
        call.Complete();
    }

    private static void RefuseSasl(RpcCall call)
    {
        if (!call.Client.IsAuthenticated)
        {
            call.Client.Server.Door.TellRefusal(call.Client, "it wants to log in by SASL, which is not here");
        }

        call.Fail(RpcError.AuthenticationFailed);
    }

    private static int TypeOf(RpcAuthentication method) => method switch
    {
        RpcAuthentication.None => TypeNone,
        RpcAuthentication.PolicyKit => TypePolicyKit,
        RpcAuthentication.Sasl => TypeSasl,
    };

    private void AskPolicyKit(RpcCall call)
    {
        RpcClient client = call.Client;
        bool isAsked = client.Service.Options.Authentication == RpcAuthentication.PolicyKit;
        bool isKnown = client.Identity is not null && authorizer is not null;
        if (!isAsked || !isKnown || client.IsAuthenticated || client.IsBeingAuthorized)
        {
            call.Fail(RpcError.AuthenticationFailed);
            return;
        }

        call.Defer();
        client.SetAuthorizing(true);
        authorizer!(client, error => Answer(call, client, error));
    }

    private static void Answer(RpcCall call, RpcClient client, RpcError? error)
    {
        client.SetAuthorizing(false);
        if (error is not null)
        {
            call.Fail(error);
            return;
        }

        client.Authenticate();
        call.Result.WriteInt32(1);
        call.Complete();
    }
}
