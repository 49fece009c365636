using System.IO.Compression;
using Xunit;

namespace Sepal.Tests.Packaging;

/// <summary>Packs the projects as they were built, and uses the packages as their users will.</summary>
public sealed class PackageTests : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly TemporaryDirectory _directory = new();
    private readonly DotnetCommand _command;

    public PackageTests()
    {
        _command = new DotnetCommand(_directory.Path);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_tool_installs_and_runs()
    {
        await PackAsync("Sepal.Cli");

        await _command.RunAsync("dotnet", "tool", "install", "Sepal.Cli", "--tool-path", "tools", "--configfile", "nuget.config");
        string output = await _command.RunAsync(
            _directory.File(Path.Combine("tools", OperatingSystem.IsWindows() ? "sepal.exe" : "sepal")),
            "cost", "--input", "5x5x3", "--filters", "4", "--kernel", "3", "--format", "csv");

        Assert.Equal("name,parameters,macs,output\nstandard,108,972,3x3x4\ndepthwise,27,243,3x3x3\npointwise,12,108,3x3x4\nseparable,39,351,3x3x4\n", output);
    }

    [Fact]
    public async Task A_program_can_reference_the_library()
    {
        string package = await PackAsync("Sepal");
        string version = Path.GetFileNameWithoutExtension(package)["Sepal.".Length..];
        await WriteAsync("App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="App.cs" />
                <PackageReference Include="Sepal" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        await WriteAsync("App.cs", """
            using Sepal;
            using Sepal.Layers;

            using Sequential model = [new Input(5, 5, 3), new SeparableConv2D(4, 3) { UseBias = false }];
            Console.Write(model.Cost().MultiplyAccumulates);
            """);

        Assert.Equal("351", await _command.RunAsync("dotnet", "run", "--project", "App.csproj", "--verbosity", "quiet"));
    }

    [Theory]
    [InlineData("Sepal")]
    [InlineData("Sepal.Data")]
    [InlineData("Sepal.Shrinking")]
    public async Task A_library_package_has_its_documentation_inside(string project)
    {
        await using ZipArchive package = await ZipFile.OpenReadAsync(await PackAsync(project), TestContext.Current.CancellationToken);

        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains($"lib/net10.0/{project}.dll", files);
        Assert.Contains($"lib/net10.0/{project}.xml", files);
        Assert.Contains("README.md", files);
    }

    private async Task<string> PackAsync(string project)
    {
        string path = Repository.Path("src", project);
        Assert.SkipUnless(Directory.Exists(path), "There are no sources around the tests to pack.");
        await _command.RunAsync("dotnet", "pack", path, "--no-build", "-c", Configuration, "-o", "feed", "-v", "quiet");

        // What the library depends on was restored to build it, so that the cache serves as a feed: no network is needed.
        string cache = PackageCache();
        Assert.SkipUnless(Directory.Exists(cache), $"There is no package cache at {cache}.");
        await WriteAsync("nuget.config", $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="feed" value="feed" />
                <add key="cache" value="{cache}" />
              </packageSources>
            </configuration>
            """);
        return Assert.Single(Directory.GetFiles(_directory.File("feed"), "*.nupkg"));
    }

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(_directory.File(name), text, TestContext.Current.CancellationToken);

    private static string PackageCache() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
