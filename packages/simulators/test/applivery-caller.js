/** Calls a path below the organization, with the credentials' bearer token. */
export const callerOf = ({ baseUrl, organization, token }) => async (method, path, body, headers = {}) => {
    const response = await fetch(`${baseUrl}/organizations/${organization}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const envelope = (await response.json());
    const { data, error } = envelope;
    return { status: response.status, headers: response.headers, body: envelope, data, error };
};
