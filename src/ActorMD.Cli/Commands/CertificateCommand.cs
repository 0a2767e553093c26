using System.CommandLine;
using System.Globalization;
using ActorMD.Actors.Security;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd certificate --out DIR</c>.</summary>
internal sealed class CertificateCommand : CommandWithExamples
{
    private const int DaysDefault = 365;
    private const int DaysMax = 3650;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Option<string> _folder = new("--out")
    {
        Description = "Folder for the certificate and its private key; made if it is not there.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<int> _days = new("--days")
    {
        Description = "How long it is valid; then the nodes refuse it.",
        DefaultValueFactory = _ => DaysDefault,
        HelpName = "N",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace what is there." };

    public CertificateCommand()
        : base(
            "certificate",
            "Makes a certificate by which the nodes of an Akka.NET cluster know each other; give it and its key to all of them.")
    {
        Options.Add(_folder);
        Options.Add(_days);
        Options.Add(_force);
        SetAction(Make);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd certificate --out cluster-config/certificate",
        "actormd certificate --out cluster-config/certificate --days 30 --force",
    ];

    private int Make(ParseResult parsed)
    {
        string folder = Path.GetFullPath(parsed.GetRequiredValue(_folder));
        int days = parsed.GetValue(_days);
        if (days is < 1 or > DaysMax)
        {
            throw new InputFaultException(new InputFault(
                "--days", null, null, FormattableString.Invariant($"{days} is no number of days for a certificate"),
                FormattableString.Invariant($"give 1 to {DaysMax}")));
        }

        if (!Directory.Exists(folder))
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly);
            }
        }

        if (parsed.GetValue(_force))
        {
            File.Delete(Path.Combine(folder, CertificateFiles.KeyName));
            File.Delete(Path.Combine(folder, CertificateFiles.CertificateName));
        }

        CertificateFiles.Make(folder, TimeSpan.FromDays(days));
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.Combine(folder, CertificateFiles.CertificateName)} and {CertificateFiles.KeyName} are valid for {days} days; who has "
                + $"the key is a node of your cluster."));
        return ExitCode.Done;
    }
}
