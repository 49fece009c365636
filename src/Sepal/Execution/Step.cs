namespace Sepal.Execution;

/// <summary>
/// One part of a step's work. Parts write different memory, may run in any order on any thread, and must not allocate.
/// </summary>
/// <param name="context">Where the buffers lie.</param>
/// <param name="part">Which part, from 0.</param>
/// <param name="worker">Which worker runs it: the owner of a stretch of scratch memory.</param>
internal delegate void StepBody(RunContext context, int part, int worker);

/// <summary>
/// One kernel call of a plan. The number of parts follows from the shapes, so that the same sums are made in the same order however
/// many threads there are; from the number of threads only where no element's sum depends on it.
/// </summary>
/// <param name="NodeName">The node of the graph that it belongs to, for profiles.</param>
/// <param name="Action">What it does there: <c>forward</c>, <c>gradient by kernel</c>, ….</param>
/// <param name="Parts">Into how many parts the work falls.</param>
/// <param name="Body">The work.</param>
internal sealed record Step(string NodeName, string Action, int Parts, StepBody Body)
{
    public override string ToString() => $"{NodeName}: {Action} in {Parts} part(s)";
}
