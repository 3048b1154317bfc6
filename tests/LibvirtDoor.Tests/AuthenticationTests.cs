using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>Who may come in.</summary>
public sealed class AuthenticationTests : DoorTest
{
    private static readonly byte[] None = [0, 0, 0, 1, 0, 0, 0, 0];

    public AuthenticationTests()
        : base(isSimulated: true)
    {
        PeerUser = 1000;
    }

    [Fact]
    public void Without_authentication_everybody_is_in()
    {
        Listen(Serve());
        TestPeer peer = Connect();
        Assert.True(peer.Call(TestProgram.Void).IsOk);
        Assert.Equal(None, peer.Call((int)RemoteProcedure.AuthList).Payload);
    }

    [Fact]
    public void Root_is_in_without_being_asked_about()
    {
        RpcServer server = Serve();
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        PeerUser = 0;
        TestPeer peer = Join(server);
        Assert.Equal(0, server.AnonymousClients);
        Assert.Equal(None, peer.Call((int)RemoteProcedure.AuthList).Payload);
        Assert.True(peer.Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void Somebody_is_asked_and_answers_when_he_likes()
    {
        List<(RpcClient Client, Action<RpcError?> Answer)> questions = [];
        RpcServer server = Serve(authorizer: (client, answer) => questions.Add((client, answer)));
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Connect();
        peer.SendCall((int)RemoteProcedure.AuthPolkit);
        Until(() => questions.Count == 1);
        peer.Call(TestProgram.Void).AssertError(39, 7, "authentication required");
        questions[0].Answer(null);
        Assert.Equal(1, peer.Receive().Number);
        Assert.True(peer.Call(TestProgram.Void).IsOk);
        Assert.Equal((0, 0), (server.AnonymousClients, server.Clients.Single().Requests));
        peer.Call((int)RemoteProcedure.AuthPolkit).AssertError(45, 7, "authentication failed: authentication failed");
    }

    [Fact]
    public void A_refusal_is_told_and_leaves_the_client_a_stranger()
    {
        RpcError refusal = RpcError.Formatted(
            RpcErrorCode.AuthenticationCancelled, RpcErrorDomain.Polkit, "authentication cancelled: %s", "by the user");
        RpcServer server = Serve(authorizer: (_, answer) => answer(refusal));
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Connect();
        peer.Call((int)RemoteProcedure.AuthPolkit).AssertError(79, 60, "authentication cancelled: by the user");
        peer.Call(TestProgram.Void).AssertError(39, 7, "authentication required");
        Assert.Equal(1, server.AnonymousClients);
    }

    [Fact]
    public void An_answer_for_who_has_left_is_no_matter()
    {
        List<Action<RpcError?>> questions = [];
        RpcServer server = Serve(authorizer: (_, answer) => questions.Add(answer));
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Connect();
        peer.SendCall((int)RemoteProcedure.AuthPolkit);
        Until(() => questions.Count == 1);
        Leave(peer);
        Until(() => server.ClientCount == 0);
        questions[0](null);
        Assert.Equal(0, server.AnonymousClients);
        Assert.Empty(Failures);
    }

    [Theory]
    [InlineData(RemoteProcedure.AuthSaslInit)]
    [InlineData(RemoteProcedure.AuthSaslStart)]
    [InlineData(RemoteProcedure.AuthSaslStep)]
    [InlineData(RemoteProcedure.AuthPolkit)]
    public void What_is_not_offered_is_refused_as_libvirtd_does(RemoteProcedure procedure)
    {
        Listen(Serve(), authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Connect();
        peer.Call((int)procedure).AssertError(45, 7, "authentication failed: authentication failed");
    }

    [Fact]
    public void Sasl_is_named_and_lets_nobody_in_root_neither()
    {
        RpcServer server = Serve(authorizer: (_, answer) => answer(null));
        Listen(server, authentication: RpcAuthentication.Sasl);
        TestPeer peer = Connect();
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 1], peer.Call((int)RemoteProcedure.AuthList).Payload);
        for (RemoteProcedure asked = RemoteProcedure.AuthSaslInit; asked <= RemoteProcedure.AuthPolkit; asked++)
        {
            peer.Call((int)asked).AssertError(45, 7, "authentication failed: authentication failed");
        }

        peer.Call(TestProgram.Void).AssertError(39, 7, "authentication required");
        Assert.Equal(1, server.AnonymousClients);
        Assert.Equal(Enumerable.Repeat("it wants to log in by SASL, which is not here", 3), Refusals);
    }

    [Fact]
    public void A_stranger_whose_time_is_over_is_told_of_and_nobody_else_who_leaves()
    {
        RpcServer server = Serve(new RpcLimits { AuthenticationTime = TimeSpan.FromSeconds(7) });
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Join(server);
        Leave(Join(server));
        Until(() => server.ClientCount == 1);
        Pass(TimeSpan.FromSeconds(6));
        Assert.Empty(Refusals);
        peer.AssertEnds();
        Assert.Equal(["it was not authenticated within 7 seconds"], Refusals);
    }

    [Fact]
    public void A_question_that_stays_open_is_told_of_as_such()
    {
        RpcServer server = Serve(authorizer: static (_, _) => { });
        Listen(server, authentication: RpcAuthentication.PolicyKit);
        TestPeer peer = Join(server);
        peer.SendCall((int)RemoteProcedure.AuthPolkit);
        peer.AssertEnds();
        Assert.Equal(["the question whether it may come in was not answered in time"], Refusals);
    }
}
