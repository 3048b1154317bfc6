#pragma warning disable
using System;using System.Collections.Immutable;using Spindle.Loop;using Spindle.Model;using Spindle.Kernels;using Spindle.Daemon.Logging;
namespace Spindle.Daemon.Execution { internal sealed class RouterExecutor(EventLoop l,Log g,Action<ModelInput> s){ public void Open(){} public bool Execute(ModelOutput o)=>o is ModelOutput.StartRouterDiscovery or ModelOutput.StopRouterDiscovery or ModelOutput.SetIpv6;}
 internal sealed class NameExecutor(Kernel k,Log g,string? r){ public bool Execute(ModelOutput o){ if(o is ModelOutput.SetResolvers x){g.Information(string.Join(",",x.Servers));return true;} return o is ModelOutput.SetHostName or ModelOutput.SetDomainName;} } }
