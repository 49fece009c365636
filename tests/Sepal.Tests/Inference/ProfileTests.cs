using Sepal.Costs;
using Sepal.Inference;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Inference;

/// <summary>A profile accounts for all of a model, whatever is fused with what.</summary>
public sealed class ProfileTests : IDisposable
{
    private readonly Sequential _model = SessionModels.Classifier();
    private readonly InferenceSession _session;

    public ProfileTests()
    {
        _session = new InferenceSession(_model, new SessionOptions { Threads = 2 });
    }

    public void Dispose()
    {
        _session.Dispose();
        _model.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Macs_of_the_steps_are_those_of_the_model(int batch)
    {
        InferenceProfile profile = Profile(batch);

        Assert.Equal(ModelCost.Of(_model.Graph, batch).MultiplyAccumulates, profile.MultiplyAccumulates);
        Assert.Equal(profile.Steps.Sum(step => step.MultiplyAccumulates), profile.MultiplyAccumulates);
        Assert.Equal([batch, 9, 9, 3], profile.Inputs[0].Shape);
    }

    [Fact]
    public void Every_node_that_multiplies_is_in_one_step_with_its_kind()
    {
        InferenceProfile profile = Profile(1);

        foreach (NodeCost node in ModelCost.Of(_model.Graph).Nodes.Where(node => node.MultiplyAccumulates > 0))
        {
            PlanNode found = Assert.Single(profile.Steps.Where(step => step.Action == "forward").SelectMany(step => step.Nodes), entry => entry.Name == node.Name);
            Assert.Equal(node.Kind, found.Kind);
        }

        Assert.All(profile.Steps, step => Assert.NotEmpty(step.Nodes));
    }

    [Fact]
    public void Bytes_are_at_least_those_of_the_data_and_the_parameters()
    {
        long kernels = ModelCost.Of(_model.Graph).TotalParameters * sizeof(float);

        Assert.True(Profile(1).Steps.Sum(step => step.Bytes) >= kernels + (9 * 9 * 3 * sizeof(float)));
    }

    [Fact]
    public void Rates_follow_from_times()
    {
        InferenceProfile profile = Profile(1);

        Assert.Equal(2, profile.Threads);
        Assert.Equal(7, profile.Runs);
        Assert.True(profile.RunMilliseconds > 0);
        Assert.All(profile.Steps, step => Assert.True(step.Milliseconds > 0));
        Assert.Equal(profile.Steps.Sum(step => step.Milliseconds), profile.StepMilliseconds, 1e-9);
        Assert.Equal(2 * profile.MultiplyAccumulates / profile.RunMilliseconds / 1e6, profile.Gigaflops, 1e-9);
        Assert.Equal(profile.Gigaflops / profile.PeakGigaflops, profile.ShareOfPeak, 1e-9);
        StepProfile first = profile.Steps.First(step => step.MultiplyAccumulates > 0);
        Assert.Equal(2 * first.MultiplyAccumulates / first.Milliseconds / 1e6, first.Gigaflops, 1e-9);
        Assert.Equal(first.Bytes / first.Milliseconds / 1e6, first.GigabytesPerSecond, 1e-9);
    }

    [Fact]
    public void The_session_runs_on_with_the_same_results()
    {
        float[] before = SessionModels.Numbers(_session.Run(SessionModels.Images(2)));

        Profile(2);

        Assert.Equal(before, SessionModels.Numbers(_session.Run(SessionModels.Images(2))));
    }

    [Fact]
    public void Mistakes_are_refused()
    {
        Assert.Equal(
            "A profile of 0 runs was asked for. Ask for at least 1.",
            Assert.Throws<SepalException>(() => _session.Profile(runs: 0)).Message);
        Assert.Throws<SepalException>(() => _session.Profile(new Dictionary<string, long> { ["height"] = 3 }));
        Assert.ThrowsAny<OperationCanceledException>(() => _session.Profile(cancellationToken: new CancellationToken(canceled: true)));
        _session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _session.Profile());
    }

    private InferenceProfile Profile(int batch) => _session.Profile(new Dictionary<string, long> { ["batch"] = batch }, runs: 7);
}
