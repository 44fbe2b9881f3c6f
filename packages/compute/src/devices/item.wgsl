// The number of an invocation among all of a dispatch, whose workgroups may lie in two dimensions.
fn item(workgroup: vec3<u32>, workgroups: vec3<u32>, local: u32, size: u32) -> u32 {
  return (workgroup.y * workgroups.x + workgroup.x) * size + local;
}
