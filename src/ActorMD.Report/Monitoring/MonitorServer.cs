using System.Net;
using System.Text;
using ActorMD.Files.RunFolders;
using ActorMD.Runs.Monitoring;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ActorMD.Report.Monitoring;

/// <summary>Serves what <c>actormd monitor</c> shows: a page that refreshes itself, and <c>/metrics</c> for Prometheus.</summary>
public sealed class MonitorServer : IDisposable
{
    private readonly RunFolder _folder;
    private readonly HttpListener _listener = new();
    private readonly MonitorMetrics _metrics;
    private readonly MeterProvider _exporter;

    /// <summary>Begins to listen.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="address">A loopback address: the page asks nobody for a password.</param>
    /// <param name="port">Where to listen.</param>
    /// <exception cref="HttpListenerException">Somebody else listens there.</exception>
    public MonitorServer(RunFolder folder, IPAddress address, int port)
    {
        _folder = folder;
        string host = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        Address = FormattableString.Invariant($"http://{host}:{port}/");
        // Before the exporter: it says clearly when somebody else listens there.
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _metrics = new MonitorMetrics(folder);
        _exporter = Sdk.CreateMeterProviderBuilder().AddMeter(MonitorMetrics.MeterName)
            .AddPrometheusHttpListener(options =>
            {
                options.Host = host;
                options.Port = port;
                options.ScrapeEndpointPath = "/metrics";
            })
            .Build();
    }

    /// <summary>Of the page.</summary>
    public string Address { get; }

    /// <summary>Answers until it is stopped.</summary>
    public void Serve(CancellationToken stop)
    {
        using CancellationTokenRegistration stopping = stop.Register(_listener.Stop);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Answer(_listener.GetContext());
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // A browser that has gone away, or the end.
            }
        }
    }

    public void Dispose()
    {
        _exporter.Dispose();
        _metrics.Dispose();
        _listener.Close();
    }

    private void Answer(HttpListenerContext context)
    {
        (int code, string type, string text) = context.Request.Url?.AbsolutePath switch
        {
            "/" => (200, "text/html", MonitorPage.Whole(RunPicture.Of(_folder, DateTime.UtcNow))),
            "/frame" => (200, "text/html", MonitorPage.Frame(RunPicture.Of(_folder, DateTime.UtcNow))),
            _ => (404, "text/plain", "There are / and /metrics.\n"),
        };
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = code;
        context.Response.ContentType = $"{type}; charset=utf-8";
        context.Response.Headers["Cache-Control"] = "no-store";
        context.Response.ContentLength64 = bytes.Length;
        context.Response.OutputStream.Write(bytes);
        context.Response.Close();
    }
}
