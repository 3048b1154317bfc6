using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.LibvirtDoor.Tls;
using Spindle.Protocols.LibvirtRpc;
using SocketType = System.Net.Sockets.SocketType;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>TLS, with clients of the runtime's on threads of their own and an authority made here.</summary>
public sealed class TlsTests : DoorTest
{
    private readonly X509Certificate2 authority = MakeAuthority("CN=the authority");
    private readonly WatchKernel watches;
    private readonly List<Thread> threads = [];
    private readonly List<string> files = [];
    private RpcServer server = null!;
    private RpcService service = null!;

    public TlsTests()
        : this(new WatchKernel())
    {
    }

    private TlsTests(WatchKernel kernel)
        : base(kernel: kernel) => watches = kernel;

    public override void Dispose()
    {
        Program.Gate.Set();
        files.ForEach(File.Delete);
        base.Dispose();
        threads.ForEach(static thread => thread.Join());
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_client_with_a_certificate_is_welcome()
    {
        Open();
        List<string> texts = [];
        Exception? failure = Run(client =>
        {
            Assert.Equal(1, client.ReadByte());
            for (int count = 0; count < 20; count++)
            {
                int procedure = count % 2 == 0 ? TestProgram.Echo : TestProgram.Work;
                client.Write(TestPeer.Call(procedure, 1, writer => writer.WriteString($"secret {count}")));
                texts.Add(ReadText(client));
            }
        }, Sign("CN=client,O=Spindle"));
        Assert.Null(failure);
        Assert.Equal(Enumerable.Range(0, 20).Select(static count => $"secret {count}"), texts);
        Until(() => server.ClientCount == 0);
        Assert.Equal(0, service.AnonymousClients);
    }

    [Fact]
    public void A_client_is_known_by_the_name_in_its_certificate()
    {
        Open();
        using ManualResetEventSlim isSeen = new();
        Thread thread = Begin(client =>
        {
            Assert.Equal(1, client.ReadByte());
            isSeen.Wait();
        }, Sign("CN=client,O=Spindle"), out Func<Exception?> outcome);
        Until(() => server.Clients.Any(static client => client.IsAuthenticated));
        RpcClient known = server.Clients.Single();
        Assert.Equal("O=Spindle,CN=client", known.CertificateName);
        Assert.Equal(RpcTransport.Tls, known.Service.Transport);
        isSeen.Set();
        Until(() => !thread.IsAlive);
        Assert.Null(outcome());
    }

    [Fact]
    public void Large_messages_go_both_ways_in_records()
    {
        Open();
        string text = new('z', 1_000_000);
        string? echoed = null;
        Exception? failure = Run(client =>
        {
            Assert.Equal(1, client.ReadByte());
            client.Write(TestPeer.Call(TestProgram.Work, 1, writer => writer.WriteString(text)));
            echoed = ReadText(client);
        }, Sign("CN=client"));
        Assert.Null(failure);
        Assert.Equal(text, echoed);
        Assert.Equal(0, Door.LargeOctets);
    }

    [Fact]
    public void A_flood_of_calls_is_answered_in_order_over_many_turns()
    {
        const int Count = 5000;
        Open();
        List<string> texts = [];
        Exception? failure = Run(client =>
        {
            Assert.Equal(1, client.ReadByte());
            client.Write([.. Enumerable.Range(0, Count).SelectMany(static number =>
                TestPeer.Call(TestProgram.Echo, 1, writer => writer.WriteString($"{number}")))]);
            for (int number = 0; number < Count; number++)
            {
                texts.Add(ReadText(client));
            }
        }, Sign("CN=client,O=Spindle"));
        Assert.Null(failure);
        Assert.Equal(Enumerable.Range(0, Count).Select(static number => $"{number}"), texts);
    }

    [Fact]
    public void The_last_answer_goes_out_before_the_end()
    {
        Open();
        int end = 0;
        Exception? failure = Run(client =>
        {
            Assert.Equal(1, client.ReadByte());
            client.Write(TestPeer.Call(TestProgram.End, 9));
            byte[] answer = new byte[RpcFrame.MinimumLength];
            client.ReadExactly(answer);
            end = client.ReadByte();
        }, Sign("CN=client"));
        Assert.True(failure is null or IOException, failure?.ToString());
        Assert.True(end == -1 || failure is IOException);
    }

    [Fact]
    public void Who_has_no_certificate_or_another_authoritys_is_not_let_in()
    {
        Open();
        using X509Certificate2 other = MakeAuthority("CN=another authority");
        foreach (X509Certificate2? certificate in new[] { null, Sign("CN=client", other), Sign("CN=client", isServer: true) })
        {
            int first = 0;
            Exception? failure = Run(client =>
            {
                first = client.ReadByte();
                Assert.Equal(-1, first);
            }, certificate);
            Assert.True(failure is null or IOException or AuthenticationException, failure?.ToString());
            Until(() => server.ClientCount == 0);
            Assert.NotEqual(1, first);
        }
    }

    [Theory]
    [InlineData("none", "it has shown no certificate")]
    [InlineData("strange", "its certificate is not valid: unable to get local issuer certificate")]
    [InlineData("expired", "its certificate is not valid: certificate has expired")]
    [InlineData("server", "its certificate is not valid: unsuitable certificate purpose")]
    [InlineData("unlisted", "the name in its certificate is not in tls_allowed_dn_list: O=Spindle,CN=unlisted")]
    public void Why_somebody_is_not_let_in_is_told(string who, string reason)
    {
        Open(names: ["O=Spindle,CN=client"]);
        using X509Certificate2 other = MakeAuthority("CN=another authority");
        Run(static client => client.ReadByte(), who switch
        {
            "none" => null,
            "strange" => Sign("CN=client,O=Spindle", other),
            "expired" => Sign("CN=client,O=Spindle", from: -2, until: -1),
            "server" => Sign("CN=client,O=Spindle", isServer: true),
            _ => Sign("CN=unlisted,O=Spindle"),
        });
        Until(() => server.ClientCount == 0);
        Assert.Equal([reason], Refusals);
        Assert.Null(Run(static client => Assert.Equal(1, client.ReadByte()), Sign("CN=client,O=Spindle")));
        Until(() => server.ClientCount == 0);
        Assert.Single(Refusals);
    }

    [Theory]
    [InlineData(true, "O=Spindle,CN=client")]
    [InlineData(true, "CN=other", "*,CN=cli?nt")]
    [InlineData(false, "CN=client,O=Spindle")]
    [InlineData(false, "O=Spindle,CN=clien")]
    [InlineData(false, "o=spindle,cn=client")]
    [InlineData(false)]
    public void Only_names_in_the_list_are_let_in(bool isLetIn, params string[] names)
    {
        Open(names: [.. names]);
        int first = 0;
        Exception? failure = Run(client => first = client.ReadByte(), Sign("CN=client,O=Spindle"));
        Assert.True(failure is null || (!isLetIn && failure is IOException), failure?.ToString());
        Assert.Equal(isLetIn, first == 1);
        Until(() => server.ClientCount == 0);
        Assert.Equal(0, service.AnonymousClients);
    }

    [Fact]
    public void Without_verification_everybody_is_let_in()
    {
        Open(verifiesClients: false, names: ["CN=nobody"]);
        int first = 0;
        Assert.Null(Run(client => first = client.ReadByte(), null));
        Assert.Equal(1, first);
    }

    [Fact]
    public void Whoever_does_not_speak_tls_is_disconnected_and_others_are_served()
    {
        Open();
        using Socket plain = new(SocketType.Stream, ProtocolType.Tcp);
        plain.Connect(IPAddress.Loopback, service.Port);
        plain.Send(TestPeer.Call(TestProgram.Void, 1));
        Until(() => server.ClientCount == 1);
        Until(() => server.ClientCount == 0);
        Assert.StartsWith("the TLS handshake failed: ", Assert.Single(Refusals), StringComparison.Ordinal);
        Assert.Null(Run(static client => Assert.Equal(1, client.ReadByte()), Sign("CN=client")));
    }

    [Fact]
    public void A_client_that_the_kernel_does_not_watch_any_more_is_disconnected_and_others_are_served()
    {
        Open();
        Exception? failure = Run(client =>
        {
            Assert.Equal(1, client.ReadByte());
            watches.AreGone = true; // the next time it is waited for
            client.Write(TestPeer.Call(TestProgram.Void, 1));
            while (client.ReadByte() >= 0)
            {
            }
        }, Sign("CN=client"));
        Assert.True(failure is null or IOException, failure?.ToString());
        Until(() => server.ClientCount == 0);
        watches.AreGone = false;
        Assert.Null(Run(static client => Assert.Equal(1, client.ReadByte()), Sign("CN=client")));
    }

    [Fact]
    public void A_handshake_has_a_deadline()
    {
        Open(limits: new RpcLimits { AuthenticationTime = TimeSpan.FromMilliseconds(50) });
        using Socket plain = new(SocketType.Stream, ProtocolType.Tcp);
        plain.Connect(IPAddress.Loopback, service.Port);
        plain.Send([0x16, 3, 1]);
        Until(() => server.ClientCount == 1);
        Assert.Equal(1, service.AnonymousClients);
        Until(() => server.ClientCount == 0);
        Assert.Equal(0, service.AnonymousClients);
        Assert.Equal(["it was not authenticated within 0.05 seconds"], Refusals);
    }

    [Fact]
    public void Files_that_are_none_are_told()
    {
        string missing = PathOf("missing");
        Assert.Equal($"{missing}: No such file or directory", ComplaintOf(missing, missing, missing));
        string rubbish = Put("rubbish", "no certificate");
        Assert.StartsWith(rubbish, ComplaintOf(rubbish, rubbish, rubbish), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, -2, 2, null)]
    [InlineData(true, -2, -1, "certificate has expired")]
    [InlineData(true, 1, 2, "certificate is not yet valid")]
    [InlineData(false, -2, 2, "unable to get local issuer certificate")]
    public void Our_own_certificate_must_be_one_that_clients_can_take(bool isOfAuthority, int from, int until, string? reason)
    {
        using X509Certificate2 other = MakeAuthority("CN=another authority");
        using X509Certificate2 own = Sign("CN=localhost", isOfAuthority ? authority : other, isServer: true, from, until);
        (string certificate, string key, string trusted) = PutFiles(own);
        string? complaint = reason is null ? null : $"Our own certificate {certificate} failed validation against {trusted}: {reason}";
        Assert.Equal(complaint, ComplaintOf(certificate, key, trusted));
        Assert.Null(ComplaintOf(certificate, key, trusted, testsOwn: false));
    }

    [Fact]
    public void Those_between_us_and_the_authority_are_in_the_file_of_our_certificate()
    {
        using X509Certificate2 between = Sign("CN=between", isAuthority: true);
        using X509Certificate2 own = Sign("CN=localhost", between, isServer: true);
        (string certificate, string key, string trusted) = PutFiles(own);
        Assert.EndsWith(": unable to get local issuer certificate", ComplaintOf(certificate, key, trusted), StringComparison.Ordinal);
        File.AppendAllText(certificate, "\n" + between.ExportCertificatePem());
        Assert.Null(ComplaintOf(certificate, key, trusted));
    }

    [Fact]
    public void Certificates_that_clients_cannot_take_do_not_replace_those_that_they_can()
    {
        Open();
        using X509Certificate2 other = MakeAuthority("CN=another authority");
        string trusted = PathOf("cacert.pem");
        File.WriteAllText(trusted, other.ExportCertificatePem());
        Assert.False(service.Options.TryReload(out string? complaint));
        Assert.Equal(
            $"Our own certificate {PathOf("servercert.pem")} failed validation against {trusted}: unable to get local issuer certificate", complaint);
        Assert.Null(Run(static client => Assert.Equal(1, client.ReadByte()), Sign("CN=client")));
        File.WriteAllText(trusted, authority.ExportCertificatePem());
        Assert.True(service.Options.TryReload(out complaint), complaint);
        Assert.Null(Run(static client => Assert.Equal(1, client.ReadByte()), Sign("CN=client")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_key_on_a_curve_may_be_as_gnutls_writes_it(bool isWrapped)
    {
        using X509Certificate2 own = Sign("CN=localhost", isServer: true);
        (string certificate, string key, string trusted) = PutFiles(own);
        File.WriteAllText(key, EcPrivateKeyTests.Write(own.GetECDsaPrivateKey()!, isWrapped, static value => [0, .. value]));
        Assert.Null(ComplaintOf(certificate, key, trusted));
    }

    private void Open(bool verifiesClients = true, RpcLimits? limits = null, ImmutableArray<string>? names = null)
    {
        using X509Certificate2 own = Sign("CN=localhost", isServer: true);
        (string certificate, string key, string trusted) = PutFiles(own);
        Assert.True(TlsCertificates.TryLoad(
            Kernel, certificate, key, trusted, verifiesClients, testsOwn: true, out TlsCertificates? certificates, out string? complaint), complaint);
        server = Serve(limits);
        TlsListenerOptions options = new(IpAddress.Parse("127.0.0.1"), 0, certificates) { AllowedNames = names };
        Assert.True(server.Listen(options, out RpcService? opened).IsOk);
        service = opened!;
    }

    private (string Certificate, string Key, string Trusted) PutFiles(X509Certificate2 own) =>
        (Put("servercert.pem", own.ExportCertificatePem()),
        Put("serverkey.pem", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        Put("cacert.pem", authority.ExportCertificatePem()));

    private string? ComplaintOf(string certificate, string key, string trusted, bool testsOwn = true)
    {
        bool isLoaded = TlsCertificates.TryLoad(
            Kernel, certificate, key, trusted, true, testsOwn, out TlsCertificates? certificates, out string? complaint);
        Assert.Equal((isLoaded, isLoaded), (certificates is not null, complaint is null));
        return complaint;
    }

    private Exception? Run(Action<SslStream> talk, X509Certificate2? certificate)
    {
        Thread thread = Begin(talk, certificate, out Func<Exception?> outcome);
        Until(() => !thread.IsAlive);
        return outcome();
    }

    private Thread Begin(Action<SslStream> talk, X509Certificate2? certificate, out Func<Exception?> outcome)
    {
        Exception? thrown = null;
        ushort port = service.Port;
        Thread thread = new(() =>
        {
            try
            {
                using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
                socket.Connect(IPAddress.Loopback, port);
                using SslStream client = new(new NetworkStream(socket));
                client.AuthenticateAsClient(new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                    RemoteCertificateValidationCallback = (_, found, _, _) => found?.Issuer == authority.Subject,
                });
                talk(client);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
            finally
            {
                Volatile.Write(ref thrown, thrown);
                Loop.Wake();
            }
        });
        outcome = () => Volatile.Read(ref thrown);
        threads.Add(thread);
        thread.Start();

        // Its end is seen when the loop turns: a thread is alive a little longer than it says.
        Thread watcher = new(() =>
        {
            thread.Join();
            Loop.Wake();
        });
        threads.Add(watcher);
        watcher.Start();
        return thread;
    }

    private static string ReadText(SslStream client)
    {
        byte[] head = new byte[4];
        client.ReadExactly(head);
        Assert.True(RpcFrame.TryReadLength(head, out int length));
        byte[] rest = new byte[length - 4];
        client.ReadExactly(rest);
        XdrReader reader = new(rest.AsSpan(RpcHeader.Size));
        Assert.True(reader.TryReadString(out string text));
        return text;
    }

    private string Put(string name, string text)
    {
        string path = PathOf(name);
        File.WriteAllText(path, text);
        files.Add(path);
        return path;
    }

    /// <summary>A kernel that may have no room for another watch.</summary>
    private sealed class WatchKernel : LinuxKernel
    {
        private volatile bool areGone;

        public bool AreGone
        {
            get => areGone;
            set => areGone = value;
        }

        public override Result EpollControl(int epollFd, EpollOperation operation, int fd, uint events, ulong data) =>
            areGone && operation == EpollOperation.Add
                ? Result.Fail(Errno.ENOSPC)
                : base.EpollControl(epollFd, operation, fd, events, data);
    }

    private static X509Certificate2 MakeAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private X509Certificate2 Sign(
        string name, X509Certificate2? signer = null, bool isServer = false, int from = -1, int until = 1, bool isAuthority = false)
    {
        signer ??= authority;
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
                [new Oid(isServer ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], false));
        }

        // In hours from now; an authority's word may be older than itself.
        DateTimeOffset now = DateTimeOffset.UtcNow;
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(signer.GetECDsaPrivateKey()!);
        using X509Certificate2 bare = request.Create(
            signer.SubjectName, generator, now.AddHours(from), now.AddHours(until), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }
}
